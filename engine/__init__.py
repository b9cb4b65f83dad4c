"""Runs any BPMN process in which people do the work."""
