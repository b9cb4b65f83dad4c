"""The nomination process: from the unit to the decision."""
