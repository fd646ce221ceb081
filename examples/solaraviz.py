"""Mesa's own view of the model, for developers: one world to step, with its partnerships and its measures.

Mesa draws its plots with Altair, so this needs one package more than the extra ``dashboard``::

    pip install 'partnership-dynamics[dashboard]' altair
    solara run examples/solaraviz.py

It is not the dashboard: Mesa's view shares one model between browser tabs and has no comparison of plans.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import sim
from sim.drawing.style import LOOKS

COLOURS = {"Ombud": "#1a1a1a", "EmployerFederation": LOOKS[0].colour, "NGO": LOOKS[2].colour}


@solara.component
def partnerships(model: sim.PartnershipModel) -> None:
    """Draw who is partner of whom, as wide as they trust each other."""
    update_counter.get()  # drawn again after each step
    graph: Any = nx.Graph(model.partnership_network)
    graph.add_nodes_from(model.setting.ids)
    faces = {name: model.organisation(name) for name in graph}
    figure = Figure(figsize=(6, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.set_title(f"{model.setting.scenario.title}: {model.date}")
    places = nx.circular_layout(sorted(graph))
    nx.draw_networkx_labels(graph, {name: (x, y + 0.14) for name, (x, y) in places.items()}, font_size=11, ax=axes)
    nx.draw_networkx(
        graph,
        places,
        ax=axes,
        with_labels=False,
        node_color=[COLOURS.get(type(face).__name__, "#8c8c8c") for face in faces.values()],
        width=[1 + 6 * faces[a].trust.get(b, 0.0) for a, b in graph.edges],
        edge_color=LOOKS[2].colour,
    )
    axes.margins(0.25)
    axes.axis("off")
    solara.FigureMatplotlib(figure)


class Viewed(sim.PartnershipModel):
    """The model with the arguments that the view offers; Mesa wants to see them one by one."""

    # From Mesa 3.5 on, the view puts a scenario of Mesa's own class in the place of the one that was picked, unless
    # the model shows none. What is played stands in ``setting.scenario``.
    scenario = property(lambda model: None, lambda model, given: None)

    def __init__(
        self, scenario: str = "campaign-while-partnering", seed: int = 7, third_party_blame: float = 0.2
    ) -> None:
        super().__init__(scenario, int(seed), parameters={"third_party_blame": third_party_blame})


model = Viewed()
parameters = {
    "scenario": {"type": "Select", "value": "campaign-while-partnering", "values": list(sim.catalogue())},
    "seed": {"type": "InputText", "value": 7, "label": "seed"},
    "third_party_blame": Slider("third-party blame", 0.2, 0.0, 0.5, 0.05),
}
page = SolaraViz(
    model,
    components=[partnerships, make_plot_component("goal_share"), make_plot_component("coverage")],
    model_params=parameters,
    name="Partnership dynamics",
)
