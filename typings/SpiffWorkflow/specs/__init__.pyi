# The parts of SpiffWorkflow 3.2.0 that engine/spiff uses, typed as it uses them.
