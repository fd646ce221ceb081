"""Who acts: one file a kind of organisation, each a Mesa agent that is a face of its row in the world.

An agent holds no state of its own. Reading ``agent.money`` reads the arrays that the rules work on, and setting
it changes them; the rules themselves are in `sim.rules`.
"""
