"""Networks of a world as networkx graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.vocabulary.partnerships import State, Visibility

if TYPE_CHECKING:
    import networkx as nx

    from sim.engine.world import World


def firm_network(world: World) -> nx.Graph[int]:
    """Return the peers of the firms as a networkx graph (nodes: firm numbers from 0)."""
    import networkx as nx  # slow to import, and not needed to run

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(world.firm)))
    start = world.peer_start
    sources = np.repeat(np.arange(len(world.firm)), np.diff(start)) if len(world.peer) else np.empty(0, np.int64)
    graph.add_edges_from(zip(sources.tolist(), world.peer.tolist(), strict=True))
    return graph


def partnership_network(world: World, ids: tuple[str, ...]) -> nx.Graph[str]:
    """Return who is partner of whom now (nodes: ids; edges carry state, informal or formal, and visibility)."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ids)
    for partnership in world.partnership:
        if State.INFORMAL <= partnership.state <= State.FORMAL:
            graph.add_edge(
                ids[partnership.a],
                ids[partnership.b],
                state=State(int(partnership.state)).word,
                visibility=Visibility(int(partnership.visibility)).word,
            )
    return graph
