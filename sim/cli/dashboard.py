"""sim dashboard: the pages for trainers and strategists."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import os
from typing import Annotated, Optional

import typer

from sim.cli.console import announce, app, say, whole

_PORT = 8765


@app.command("dashboard")
def dashboard(
    port: Annotated[int, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = _PORT,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; any other than this computer's own is a risk.")
    ] = "127.0.0.1",
    scenario: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this form in all its versions
        typer.Option("--scenario", metavar="NAME", help="Name or path of a scenario to begin with."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the dashboard in a browser: plans, lessons, one world week by week. Works without a network."""
    whole("--port", port, 0, 65_535)
    from sim.dashboard.server import LOOPBACK, check_host, check_installed, check_origins, check_sessions, serve

    check_installed()
    check_host(host)
    origins = check_origins(os.environ.get("SIM_DASHBOARD_ORIGINS", ""))
    sessions = check_sessions(os.environ.get("SIM_DASHBOARD_SESSIONS", ""))
    path = _path(scenario)
    if host not in LOOPBACK:
        say(
            f"warning: listening on {host}: everybody who reaches this computer can use the dashboard. There is no "
            "password and no encryption; put it behind a proxy with TLS (docs/hosting.md)."
        )
    announce()

    def ready(address: str) -> None:
        typer.echo(f"dashboard: {address}\nstop with Ctrl-C")
        if browser and host in LOOPBACK:
            import webbrowser

            webbrowser.open(address)

    serve(host, port, path, origins=origins, sessions=sessions, ready=ready)


def _path(scenario: Optional[str]) -> str:  # noqa: UP045
    """Address of the first page; a scenario that was named stands as both plans there."""
    if scenario is None:
        return "/"
    from sim.dashboard.state import View, encode, plan_of

    plan = plan_of(scenario)
    return f"/compare?s={encode(View(a=plan, b=plan))}"
