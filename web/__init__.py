"""What people see, and where everything is wired together."""
