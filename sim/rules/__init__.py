"""The rules of the weekly step, one file a submodel of the ODD."""
