"""Every closed list of the model, declared once: kinds, states, audiences, verbs, reasons, events, quantities."""
