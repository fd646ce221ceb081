"""The rules of the weekly step, one file a submodel of the ODD.

A rule takes the world ``w`` first, then the rows it is about. The same letter means the same everywhere:

==========  ========================================================================================
``w``       the world: ``w.organisation[i]`` is a record, ``w.credibility[i, a]`` a number
``p``       the parameters, ``w.parameter[0]``
``i, j``    rows of organisations, in the order of their ids; a relation is of i towards j
``n``       how many organisations there are: the relation of i towards j is row ``i * n + j``
``k, m``    rows of what the loop or the argument is about: mostly of ``w.partnership``; in the verbs of
            `sim.plan`, k is the row of the action that is carried out
``f, g``    rows of firms
``a``       an audience
``x``       a skill, or an input of a recipe
``b``       a bundle of ideas
``c``       a campaign, or a cell of the task board
``u, v``    keyed uniform numbers in [0, 1)
==========  ========================================================================================

A row of ``w.partnership`` is what two organisations share, a pair. In a partnership of three and more, the pair of an
asked member with the one who asked is its membership, and a pair of two asked members is a link.
"""
