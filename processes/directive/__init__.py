"""The directive process: entered, approved, sent to its recipients, followed to its final report."""
