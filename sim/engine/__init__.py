"""How rules run: compiled code, memory, keyed chance, the state of a world and its log."""
