"""The commands of ``vinhdanh``, one function each: options in, exit status out."""
