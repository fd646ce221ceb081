"""Studies of many parameter sets and plans: designs, shards, sensitivity, discovery and robustness.

The words are those of exploratory modelling [1]_: *uncertainties* are what nobody chooses, *levers* are what a planner
chooses, *outcomes* are what comes of both in many worlds.

References
----------
.. [1] Lempert, Popper & Bankes (2003). Shaping the Next One Hundred Years. RAND. Chapter 4.
"""
