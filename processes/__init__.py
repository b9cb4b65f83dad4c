"""What this institution does: its processes, their actions and its law."""
