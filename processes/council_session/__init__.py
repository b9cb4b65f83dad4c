"""The council session process: agenda, ballot, minutes, results."""
