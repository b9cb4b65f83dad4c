"""The process of one task of a directive: reported, signed, verified, extended, told of when late."""
