"""The decision process: gathered, signed, numbered, issued."""
