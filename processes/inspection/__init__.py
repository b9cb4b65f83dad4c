"""The inspection process: notice, self-report, review, conclusion."""
