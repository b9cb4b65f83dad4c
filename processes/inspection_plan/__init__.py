"""The yearly plan of inspections: proposal, approval, its start dates, its summary."""
