"""Studies: the same bytes however they run, whatever stops them; one dataset; the same worlds as a single run."""

from __future__ import annotations

import builtins
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import duckdb
import fsspec
import numpy as np
import pandas as pd
import pytest
from fsspec.implementations.local import LocalFileSystem
from pyarrow import dataset, parquet
from small_studies import (
    CALM,
    CAMPAIGN,
    HORIZON,
    REPLICATES,
    STIMULUS,
    TONE,
    Counted,
    contents,
    parameter_study,
    small_study,
    watched,
)

import sim
from sim.cli import run_command
from sim.engine.randomness import Decision, uniform
from sim.errors import InputError
from sim.scenarios import scenario
from sim.studies import executors
from sim.studies import prepared as prepared_studies
from sim.studies.executors import Runner, open_runner, threads
from sim.studies.findings import _extremes
from sim.studies.location import Location, open_location
from sim.studies.paths import Change, changed
from sim.studies.prepared import prepare_study
from sim.studies.run import check_room, open_study, retry_study, run_study
from sim.studies.shard import work_of
from sim.studies.store import Store


def small_world(scenario_name: str, **values: object) -> object:
    written = {"weeks": 60, "firms.number": 20, **values}
    return changed(scenario(scenario_name), Change(tuple(written.items())))


# ---------------------------------------------------------------------- the same bytes


def test_neither_threads_nor_order_nor_a_pause_change_a_byte(tmp_path):
    study = small_study(series=["adopters"], events=1)
    one, two, resumed = tmp_path / "one", tmp_path / "two", tmp_path / "resumed"
    sim.study(study, one, workers=1)
    sim.study(study, two, workers=2)
    expected = contents(one)
    assert len(expected) == 2 + 3 * 5
    assert contents(two) == expected

    class Backwards(Runner):
        def run(self, works, address=None):
            return super().run(reversed(list(works)), address)

    folder = tmp_path / "backwards"
    run_study(prepare_study(study), open_location(folder), Backwards(ThreadPoolExecutor(1), lambda: 1))
    assert contents(folder) == expected

    shutil.copytree(one, resumed)
    shards = sorted(path.name for path in (resumed / "outcomes").iterdir())
    (resumed / "outcomes" / shards[0]).unlink()
    (resumed / "outcomes" / shards[3]).unlink()
    (resumed / "series" / shards[3]).unlink()
    (resumed / "outcomes" / f".{shards[3]}.123.part").write_bytes(b"half a shard")
    sim.study(study, resumed, workers=2, resume=True)
    assert contents(resumed) == expected


def test_a_finished_study_runs_nothing_again(tmp_path, monkeypatch):
    sim.study(small_study(), tmp_path)
    before = contents(tmp_path)
    calls = watched(monkeypatch)
    assert sim.study(small_study(), tmp_path).status.finished
    assert sim.study(small_study(), tmp_path, resume=True).status.finished
    assert calls == []
    assert contents(tmp_path) == before


def test_only_what_is_missing_is_run(tmp_path, monkeypatch):
    sim.study(parameter_study(), tmp_path)
    sorted((tmp_path / "outcomes").iterdir())[3].unlink()
    calls = watched(monkeypatch)
    sim.study(parameter_study(), tmp_path, resume=True)
    assert calls == [{"stimulus": 7.0}]


def test_a_location_that_holds_something_else_is_refused(tmp_path):
    sim.study(small_study(), tmp_path / "study")
    sorted((tmp_path / "study" / "outcomes").iterdir())[0].unlink()
    with pytest.raises(InputError, match=r"study: holds 4 of 5 shards of this study, expected --resume"):
        sim.study(small_study(), tmp_path / "study")
    for change, told in (({"seed": 1}, "seed"), ({"replicates": 4}, "replicates")):
        with pytest.raises(InputError, match=f"holds a study that differs in {told}"):
            sim.study(small_study(), tmp_path / "study", resume=True, **change)
    assert run_command(["compare", CAMPAIGN, CALM, "--replicates", "2", "--out", str(tmp_path / "other")]) == 0
    with pytest.raises(InputError, match="holds results of another command"):
        sim.study(small_study(), tmp_path / "other")
    for content in ("5", "[]", "{}", "not json", "\udcff"):
        (tmp_path / "other" / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
        with pytest.raises(InputError, match=r"another command|is not JSON"):
            sim.study(small_study(), tmp_path / "other")


def test_other_rules_are_refused(tmp_path, monkeypatch):
    sim.study(small_study(), tmp_path)
    monkeypatch.setattr("sim.studies.prepared.sources_digest", lambda rules_only: "0" * 64)
    with pytest.raises(InputError, match="differs in the version of the rules"):
        sim.study(small_study(), tmp_path, resume=True)
    with pytest.raises(InputError, match="this worker has another version of the rules"):
        sim.study(small_study(), tmp_path / "new")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scenarios": [CAMPAIGN, CALM], "lever": None},
        {"uncertainty": [STIMULUS], "design": {"kind": "latin-hypercube", "samples": 3}, "worlds": "own"},
        {"uncertainty": [STIMULUS], "design": {"kind": "sobol", "samples": 2, "levers": "sampled"}},
        {"uncertainty": [{"parameter": "complex_contagion"}], "design": {"kind": "morris", "samples": 2}},
        {"lever": [HORIZON, TONE], "design": {"kind": "list", "file": "rows.csv"}, "uncertainty": [STIMULUS]},
        {"lever": [HORIZON], "design": {"kind": "list", "file": "weeks.csv", "levers": "sampled"}},
    ],
)
def test_a_study_that_is_opened_again_is_the_same(tmp_path, monkeypatch, changes):
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text("stimulus\n4.5\n7\n")
    Path("weeks.csv").write_text("horizon\n60\n50\n60\n")
    made = sim.study(small_study(**changes), "out")
    opened = open_study("out")
    assert opened.prepared.digest == made.digest == prepare_study(small_study(**changes)).digest
    assert opened.design.table.equals(made.design.table)
    assert opened.summary.equals(made.summary)
    assert opened.status.finished


# ---------------------------------------------------------------------- what stops it


@pytest.fixture
def study_file(tmp_path):
    path = tmp_path / "many-tones.toml"
    path.write_text(
        'title = "Many tones"\nscenarios = "campaign-while-partnering"\noutcomes = ["adopters"]\nreplicates = 12\n'
        "chunk = 12\n[set]\nweeks = 60\n"
        '[[lever]]\nname = "tone"\nset = "plan.launch-campaign.tone"\nlow = 0.0\nhigh = 1.0\nlevels = 80\n'
    )
    return path


def begun(file, folder, shards):
    """Start a study in a process of its own, and return once so many shards are there, with the process at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "study", str(file), "--out", str(folder), "--resume", "--workers", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # Who runs the tests in the background has switched Ctrl-C off for all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    give_up = time.monotonic() + 120
    while len(whole_shards(folder)) < shards and process.poll() is None and time.monotonic() < give_up:
        time.sleep(0.001)
    return process


def whole_shards(folder):
    there = folder / "outcomes"
    return [path for path in there.iterdir() if not path.name.endswith(".part")] if there.is_dir() else []


def test_a_study_killed_ten_times_ends_as_one_that_was_not(study_file, tmp_path, capsys):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert run_command(["study", str(study_file), "--out", str(whole)]) == 0
    in_the_middle = 0
    for kill in range(10):
        chance = uniform(2017, kill, int(Decision.ADOPTION), 0, 0)
        process = begun(study_file, killed, len(whole_shards(killed)) + 1 + int(5 * chance))
        time.sleep(0.02 * uniform(2017, kill, int(Decision.ADOPTION), 1, 0))
        process.kill()
        process.communicate()
        in_the_middle += process.returncode == -signal.SIGKILL and 0 < len(whole_shards(killed)) < 80
        assert all(parquet.read_table(path).num_rows == 12 for path in whole_shards(killed))
    assert in_the_middle >= 8
    assert run_command(["study", str(study_file), "--out", str(killed), "--resume"]) == 0
    assert contents(killed) == contents(whole)
    assert {"findings.txt", "summary.csv", "outcomes.png"} <= contents(whole).keys()


def test_ctrl_c_keeps_what_is_finished(study_file, tmp_path):
    folder = tmp_path / "out"
    # So long that it cannot be over before the signal comes, however busy the machine is.
    study_file.write_text(study_file.read_text().replace("levels = 80", "levels = 800"))
    process = begun(study_file, folder, 3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.decode() == f"stopped: finished shards kept in {folder}; the same command with --resume goes on\n"
    assert 3 <= len(whole_shards(folder)) < 800
    assert not list(folder.rglob("*.part"))


def full_disk(monkeypatch, room):
    """Let files be written until there is no room."""
    written, pipe_file = 0, LocalFileSystem.pipe_file

    def limited(files, path, content):
        nonlocal written
        written += len(content)
        if written > room:
            pipe_file(files, path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        pipe_file(files, path, content)

    monkeypatch.setattr(LocalFileSystem, "pipe_file", limited)


def test_a_full_disk_costs_nothing_that_is_finished(study_file, tmp_path, monkeypatch, capsys):
    whole, full = tmp_path / "whole", tmp_path / "full"
    assert run_command(["study", str(study_file), "--out", str(whole)]) == 0
    capsys.readouterr()
    with monkeypatch.context() as patch:
        full_disk(patch, 60_000)
        assert run_command(["study", str(study_file), "--out", str(full)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"error: {full}/outcomes/0000" in error
    assert "cannot be written (No space left on device); finished shards are kept: make room, then --resume" in error
    kept = contents(full)
    assert 5 < len(kept) < 70
    assert kept.items() <= contents(whole).items()
    assert run_command(["study", str(study_file), "--out", str(full), "--resume"]) == 0
    assert contents(full) == contents(whole)


def test_a_study_that_is_too_large_for_the_disk_is_refused(tmp_path, monkeypatch):
    disk = namedtuple("disk", "total used free")
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: disk(10**6, 999_000, 1_000))
        with pytest.raises(InputError, match=r"5 points x 3 worlds need about .* kB in .*out, where 1\.0 kB are free"):
            sim.study(small_study(), out)
        with pytest.raises(InputError, match=r"need about 2\.0 kB in .*nowhere/yet, where 1\.0 kB are free"):
            check_room(prepare_study(small_study()), open_location(tmp_path / "nowhere" / "yet", to_read=True), 2_000)
    assert contents(out).keys() == {"manifest.json", "points.parquet"}
    # A smaller study fits, and what was refused is not in its way.
    assert sim.study(small_study(replicates=2), out).status.finished


def test_an_outcomes_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "outcomes").write_text("in the way")
    with pytest.raises(InputError, match=r"outcomes/000000-\w+\.parquet: cannot be written"):
        sim.study(small_study(), tmp_path)


# ---------------------------------------------------------------------- points that fail


def test_a_point_that_failed_is_told_and_can_be_retried(tmp_path, monkeypatch):
    study = parameter_study(chunk=2 * REPLICATES, series=["adopters"], events=1)  # two points a shard
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    sim.study(study, whole)
    with monkeypatch.context() as patch:
        watched(patch, lambda parameters: parameters["stimulus"] in (5.0, 8.0))
        found = sim.study(study, folder)
    assert found.failures == dict.fromkeys([1, 4], "RuntimeError: the machine had a bad day")
    status = open_study(folder).status
    assert (status.shards, status.done, status.failed_shards, status.failed_points) == (3, 1, 2, 2)
    assert (status.finished, status.missing) == (True, 0)
    assert (status.worlds_done, status.worlds) == (9, 15)
    assert np.isnan(found.values("adopters")[[1, 4]]).all()
    assert np.isfinite(found.values("adopters")[[0, 2, 3]]).all()
    assert any("2 points have failed and count for nothing above" in line for line in found.sentences())
    assert len(dataset.dataset(folder / "outcomes").to_table()) == 9

    before = contents(folder)
    sim.study(study, folder, resume=True)  # failed points wait for a retry
    assert contents(folder) == before

    with monkeypatch.context() as patch:  # one of them stays
        calls = watched(patch, lambda parameters: parameters["stimulus"] == 8.0)
        assert retry_study(folder).failures.keys() == {4}
        assert sorted(row["stimulus"] for row in calls) == [5.0, 8.0]
    calls = watched(monkeypatch)
    assert retry_study(folder).failures == {}
    assert calls == [{"stimulus": 8.0}]
    assert contents(folder) == contents(whole)
    with pytest.raises(InputError, match="no point of the study failed"):
        retry_study(folder)


def test_a_point_that_cannot_be_built_costs_no_other(tmp_path, monkeypatch):
    """Of very many combinations only some are tried before a study runs."""
    monkeypatch.setattr(prepared_studies, "MOST_TRIED", 1)
    lever = {"name": "when", "set": ["plan.launch-campaign.when"], "template": "week >= {value}"}
    found = sim.study(small_study(lever=[{**lever, "values": ["3", "4 4", "5"]}]), tmp_path)
    assert found.failures.keys() == {1}
    assert found.failures[1].startswith(f"InputError: {CAMPAIGN}: plan 5 (launch-campaign): when: ")
    assert found.status.worlds_done == 2 * REPLICATES


def test_every_point_may_fail(tmp_path, monkeypatch, capsys):
    file, folder = tmp_path / "study.toml", tmp_path / "out"
    file.write_text(as_toml(parameter_study()))
    with monkeypatch.context() as patch:
        watched(patch, lambda parameters: True)
        assert run_command(["study", str(file), "--out", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "Every point failed" in out
    assert "failed: 5 of 5 points, the first is point 0: RuntimeError: the machine had a bad day" in out
    assert whole_shards(folder) == []
    with pytest.raises(InputError, match="every point failed"):
        open_study(folder).figure()
    with pytest.raises(InputError, match="holds no finished shard"):
        open_study(folder).outcomes()
    assert run_command(["study", "retry", str(folder)]) == 0
    expected = tmp_path / "expected"
    assert run_command(["study", str(file), "--out", str(expected)]) == 0
    assert contents(folder) == contents(expected)


def test_a_retry_that_is_killed_counts_no_point_twice(tmp_path, monkeypatch):
    study = parameter_study(chunk=2 * REPLICATES)
    sim.study(study, tmp_path / "whole")
    with monkeypatch.context() as patch:
        watched(patch, lambda parameters: parameters["stimulus"] == 5.0)
        sim.study(study, tmp_path / "out")
    expected = contents(tmp_path / "whole")
    for name, content in expected.items():  # the whole shard is there, what it replaces is not yet dropped
        (tmp_path / "out" / name).write_bytes(content)
    opened = open_study(tmp_path / "out")
    assert opened.failures == {}
    assert len(opened.outcomes()) == opened.status.worlds == opened.status.worlds_done
    sim.study(study, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == expected


# ---------------------------------------------------------------------- clusters


def test_a_cluster_gives_the_same_bytes_also_if_a_worker_is_killed(tmp_path):
    study = parameter_study(60)
    sim.study(study, tmp_path / "threads")
    killed = []

    def kill(progress):
        if progress.done >= progress.total // 4 and not killed:
            killed.append(next(iter(pids.values())))
            os.kill(killed[0], signal.SIGKILL)

    with open_runner(2, "local") as cluster:
        assert cluster.workers == 2
        pids = cluster.executor._client.run(os.getpid)
        assert len(set(pids.values())) == 2
        counted = Counted(cluster)
        found = run_study(prepare_study(study), open_location(tmp_path / "cluster"), counted, progress=kill)
        assert killed
        assert set(cluster.executor._client.run(os.getpid).values()) != set(pids.values())
        assert counted.most <= 4
        # Workers write to an address themselves; what others cannot see is written here.
        far = run_study(prepare_study(parameter_study(4)), open_location("memory://far-away"), cluster)
    assert found.failures == far.failures == {}
    assert contents(tmp_path / "cluster") == contents(tmp_path / "threads")
    assert len(far.outcomes()) == 4 * REPLICATES


def test_workers_write_to_an_address_themselves(tmp_path, monkeypatch):
    sim.study(parameter_study(), tmp_path / "here")
    location = open_location(f"local://{tmp_path}/there")
    work = executors.run_and_write

    class Writing(Runner):
        def run(self, works, address=None):
            assert address == location.address
            for one in works:
                result = work(one, address)
                assert result.tables == {}
                assert result.size > 1_000
                yield result

    location.remote = True
    run_study(prepare_study(parameter_study()), location, Writing(ThreadPoolExecutor(1), lambda: 1))
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "tcp://127.0.0.1:port", ""])
def test_a_cluster_that_does_not_answer_is_one_line(monkeypatch, address, capsys, tmp_path):
    monkeypatch.setattr(executors, "_ANSWERS_IN", 0.5)
    file = tmp_path / "study.toml"
    file.write_text(as_toml(small_study()))
    assert run_command(["study", str(file), "--out", str(tmp_path / "out"), "--cluster", address]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith(f"error: --cluster: found {address!r}, where no scheduler answers")


def test_without_dask_a_cluster_is_refused(monkeypatch):
    load = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] in ("dask", "distributed"):
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"^--cluster: needs Dask, .*partnership-dynamics\[cluster\]"):
        sim.study(small_study(), cluster="local")


def test_never_more_shards_under_way_than_keep_the_workers_busy(monkeypatch):
    counted = Counted(threads(2))
    found = run_study(prepare_study(parameter_study(40)), open_location(None), counted)
    assert found.status.finished
    assert 2 <= counted.most <= 4


def test_any_executor_runs_a_study_and_is_left_open(tmp_path):
    expected = sim.study(parameter_study()).outcomes()
    with ThreadPoolExecutor(2) as pool:
        assert sim.study(parameter_study(), executor=pool, workers=2).outcomes().equals(expected)
        assert pool.submit(int).result() == 0
        with pytest.raises(InputError, match="cluster: found together with executor"):
            sim.study(parameter_study(), executor=pool, cluster="local")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = sim.study(parameter_study(), tmp_path, executor=pool, workers=1)
        assert found.outcomes().equals(expected)
        # Broken for good: no point has failed, the study can go on elsewhere.
        shard = sorted((tmp_path / "outcomes").iterdir())[3]
        shard.unlink()
        sorted((tmp_path / "outcomes").iterdir())[0].unlink()
        pool.submit(os.kill, next(iter(pool._processes)), signal.SIGKILL)
        with pytest.raises(InputError, match="finished shards are kept, run the same command with --resume"):
            sim.study(parameter_study(), tmp_path, executor=pool, workers=1, resume=True)
    assert not open_study(tmp_path).failures
    assert sim.study(parameter_study(), tmp_path, resume=True).outcomes().equals(expected)


def test_what_waits_is_cancelled_when_nobody_asks_any_more():
    prepared = prepare_study(parameter_study(40))
    submitted = []

    class Kept(ThreadPoolExecutor):
        def submit(self, *work):
            submitted.append(super().submit(*work))
            return submitted[-1]

    with Kept(1) as pool:
        results = Runner(pool, lambda: 4).run(work_of(prepared, shard) for shard in prepared.shards)
        next(results)
        results.close()
        assert all(future.done() for future in submitted)
    assert len(submitted) == 8
    assert sum(future.cancelled() for future in submitted) >= 5


def test_a_shard_whose_workers_all_die_is_told_as_failed_points():
    class Deadly(ThreadPoolExecutor):
        def submit(self, function, work, address):
            def die():
                raise RuntimeError("four workers\ndied")

            return super().submit(die) if work.number == 3 else super().submit(function, work, address)

    with Deadly(2) as pool:
        found = sim.study(parameter_study(), executor=pool)
    assert found.failures == {3: "RuntimeError: four workers died"}


def test_a_scheduler_that_is_gone_is_one_line(tmp_path):
    file = tmp_path / "scheduler.json"
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--no-show"]
    scheduler = subprocess.Popen(
        [*start, "--host", "127.0.0.1", "--scheduler-file", str(file)], stderr=subprocess.DEVNULL
    )
    while not file.exists():
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"],
        stderr=subprocess.DEVNULL,
    )

    def kill(progress):
        if progress.done > 2 * REPLICATES:
            scheduler.kill()

    try:
        with pytest.raises(InputError, match=r"^--cluster: the scheduler is gone, .* --resume"):
            sim.study(parameter_study(200), tmp_path / "out", cluster=address, progress=kill)
        assert not open_study(tmp_path / "out").failures
    finally:
        scheduler.kill()
        worker.kill()
        scheduler.wait()
        worker.wait()


# ---------------------------------------------------------------------- locations


@pytest.fixture(params=["folder", "memory", "fsspec memory", "fsspec local", "not whole at once"])
def location(request, tmp_path):
    return {
        "folder": lambda: open_location(tmp_path / "location"),
        "memory": lambda: open_location(None),
        "fsspec memory": lambda: open_location(f"memory://{tmp_path.name}/study"),
        "fsspec local": lambda: open_location(f"local://{tmp_path}/location/"),
        # Any file system that shows a file before it is complete.
        "not whole at once": lambda: Location(
            fsspec.filesystem("file"), f"{tmp_path}/location", f"local://{tmp_path}/location"
        ),
    }[request.param]()


def test_a_location_keeps_files_by_name(location):
    assert location.names("outcomes") == []
    with pytest.raises(FileNotFoundError):
        location.read("manifest.json")
    with pytest.raises(FileNotFoundError):
        location.read("outcomes/none.parquet")
    location.delete("outcomes/none.parquet")
    location.tidy()
    for name, content in (("outcomes/b", b"1"), ("outcomes/a", b""), ("manifest.json", b"old"), ("outcomes/c", b"3")):
        location.write(name, content)
    location.write("manifest.json", b"new")
    location.delete("outcomes/c")
    assert location.read("manifest.json") == b"new"
    assert location.read("outcomes/a") == b""
    assert location.names("outcomes") == ["a", "b"]
    assert location.names("out") == []
    assert location.free() is None or location.free() > 0


@pytest.mark.parametrize("address", ["{}", "local://{}"])
def test_a_location_drops_what_a_killed_process_left(tmp_path, address):
    location = open_location(address.format(tmp_path))
    location.write("outcomes/a", b"1")
    for name in (".b.99.part", ".c.part"):
        (tmp_path / "outcomes" / name).write_bytes(b"half")
    assert location.names("outcomes") == ["a"]
    location.tidy()
    assert contents(tmp_path) == {"outcomes/a": b"1"}


def test_a_study_can_be_kept_anywhere(location, tmp_path):
    found = run_study(prepare_study(small_study()), location)
    expected = sim.study(small_study())
    assert found.outcomes().equals(expected.outcomes())
    again = Store(location, Store.begin(location, found.prepared).manifest)
    assert again.status() == expected.status


@pytest.mark.parametrize(
    "address, told",
    [
        ("nonsense://x/y", "--out: nonsense://x/y: "),
        ("", "--out: found no name or the current folder"),
        (".", "--out: found no name or the current folder"),
        ("/dev/null/x", "--out: found '/dev/null/x', which cannot be written"),
    ],
)
def test_a_location_that_cannot_be_is_one_line(address, told):
    with pytest.raises(InputError) as caught:
        open_location(address)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_what_is_in_the_way_is_one_line_and_links_are_files(tmp_path):
    location = open_location(tmp_path)
    location.write("outcomes/a", b"1")
    for do in (location.read, location.delete, lambda name: location.write(name, b"2")):
        with pytest.raises(InputError, match=r"/outcomes: cannot be (read|deleted|written) \(Is a directory\)"):
            do("outcomes")
    (tmp_path / "outcomes" / "b").symlink_to(tmp_path / "outcomes" / "a")
    assert location.names("outcomes") == ["a", "b"]
    assert contents(tmp_path).keys() == {"outcomes/a", "outcomes/b"}


def test_a_package_that_is_missing_is_named(monkeypatch):
    def missing(address):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with pytest.raises(InputError, match=r"^--out: s3://b: needs a package that is not installed \(Install s3fs to"):
        open_location("s3://b/")


def test_studies_in_memory_know_nothing_of_each_other():
    one, other = open_location(None), open_location(None)
    one.write("manifest.json", b"one")
    with pytest.raises(FileNotFoundError):
        other.read("manifest.json")
    assert not fsspec.filesystem("memory").exists("/study")


def test_an_address_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    location = open_location(f"local://{tmp_path}/file/study", to_read=True)
    with pytest.raises(InputError, match=r"file/study/.*: cannot be (written|read)"):
        run_study(prepare_study(small_study()), location)


# ---------------------------------------------------------------------- one dataset


def test_the_results_are_one_table_for_everybody(tmp_path):
    found = sim.study(small_study(uncertainty=[{**STIMULUS, "levels": 2}], series=["adopters"], events=2), tmp_path)
    folder = tmp_path / "outcomes"
    columns = ["point", "replicate", "stimulus", "tone", "adopters", "returns_federation", "refused_actions"]
    tables = [
        pd.read_parquet(folder),
        dataset.dataset(folder).to_table().to_pandas(),
        duckdb.sql(f"select * from '{folder}/*.parquet' order by point, replicate").df(),
        found.outcomes(),
    ]
    for table in tables:
        assert list(table.columns) == columns
        assert len(table) == 10 * REPLICATES
        assert table.equals(tables[-1])
    assert (tables[0].groupby("point").size() == REPLICATES).all()
    points = pd.read_parquet(tmp_path / "points.parquet").set_index("point")
    assert points.equals(found.design.table.set_index(points.index))
    assert tables[0].merge(points, on="point").eval("tone_x == tone_y and stimulus_x == stimulus_y").all()
    for name, rows in (("series", 10 * REPLICATES * 60), ("events", None)):
        schemas = {parquet.read_schema(path) for path in (tmp_path / name).iterdir()}
        assert len(schemas) == 1
        assert rows in (None, dataset.dataset(tmp_path / name).count_rows())


def test_a_point_is_what_a_single_run_gives(tmp_path):
    found = sim.study(
        small_study(uncertainty=[{**STIMULUS, "levels": 2}], series=["adopters"], events=2, seed=5), tmp_path
    )
    values = found.outcomes().set_index("point")
    series = pd.read_parquet(tmp_path / "series").set_index("point")
    events = pd.read_parquet(tmp_path / "events").set_index("point")
    for point in (0, 6):
        factors = found.design.point(point)
        world = small_world(CAMPAIGN, **{"plan.launch-campaign.tone": factors["tone"]})
        parameters = {"stimulus": factors["stimulus"]}
        one = sim.simulate(world, REPLICATES, 5, parameters=parameters, series=["adopters"])
        for name in ("adopters", "returns_federation", "refused_actions"):
            assert values.loc[point, name].tolist() == one.outcomes[name].tolist()
        assert series.loc[point, "adopters"].to_numpy().tobytes() == one.series["adopters"].reshape(-1).tobytes()
        for replicate in (0, 1):
            log = sim.story(world, 5, replicate, parameters=parameters).events
            kept = events.loc[point].query(f"replicate == {replicate}")
            assert kept["event"].tolist() == log["event"].tolist()
            assert kept["date"].tolist() == log["date"].tolist()
            assert [json.loads(text) for text in kept["numbers"]] == log["numbers"].tolist()


def test_worlds_are_paired_over_the_points():
    again = {"plan.publish-survey.n": 2014}  # as the scenario has it
    same = {"name": "same", "option": [{"name": "as-it-is"}, {"name": "as-well", "set": again}]}
    values = sim.study(small_study(lever=[same], replicates=20)).values("adopters")
    assert (values[:, 0] == values[:, 1]).all()
    assert np.ptp(values) > 0


def test_worlds_of_their_own_are_disjoint_between_samples_and_common_between_plans():
    study = small_study(
        uncertainty=[STIMULUS], design={"kind": "latin-hypercube", "samples": 3}, worlds="own",
        lever=[{**TONE, "levels": 2}],
    )  # fmt: skip
    found = sim.study(study)
    table = found.outcomes()
    for point in range(6):
        first = 3 * (point // 2)
        assert table[table["point"] == point]["replicate"].tolist() == [first, first + 1, first + 2]
    factors = found.design.point(4)
    world = small_world(CAMPAIGN, **{"plan.launch-campaign.tone": factors["tone"]})
    one = sim.simulate(world, 3, parameters={"stimulus": factors["stimulus"]}, first=6)
    assert table[table["point"] == 4]["adopters"].tolist() == one.outcomes["adopters"].tolist()
    with pytest.raises(InputError, match='worlds: found "own", expected "common"'):
        found.pair("adopters", 0, 1)


# ---------------------------------------------------------------------- which points


def test_levers_are_crossed_with_the_samples_or_sampled_with_them():
    two = {**TONE, "levels": 2}
    design = {"kind": "latin-hypercube", "samples": 4}
    crossed = prepare_study(small_study(uncertainty=[STIMULUS], lever=[two], design=design)).design
    assert (len(crossed), len(crossed.samples), len(crossed.plans)) == (8, 4, 2)
    assert crossed.table["tone"].tolist() == [0.0, 1.0] * 4
    assert crossed.table["stimulus"].nunique() == 4
    assert (crossed.table["stimulus"][::2].to_numpy() == crossed.table["stimulus"][1::2].to_numpy()).all()
    sampled = prepare_study(
        small_study(uncertainty=[STIMULUS], lever=[two], design={**design, "levers": "sampled"})
    ).design
    assert (len(sampled), len(sampled.plans), sampled.crossed) == (4, 1, ())
    assert sampled.table["tone"].nunique() == 4
    assert sampled.table["stimulus"].between(4, 8).all()


def test_points_may_come_from_a_file(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(" tone , who ,stimulus\n0.25,ngo,5\n\n1,ombud,6.5\n")
    who = {"name": "who", "option": [{"name": "ombud"}, {"name": "ngo", "set": {"plan.launch-campaign.by": "ngo"}}]}
    study = small_study(
        uncertainty=[STIMULUS], lever=[TONE, who],
        design={"kind": "list", "file": str(rows), "levers": "sampled"},
    )  # fmt: skip
    prepared = prepare_study(study)
    assert [prepared.design.point(point) for point in range(2)] == [
        {"stimulus": 5.0, "tone": 0.25, "who": "ngo"},
        {"stimulus": 6.5, "tone": 1.0, "who": "ombud"},
    ]
    assert prepared.case(0).change.values[-1] == ("plan.launch-campaign.by", "ngo")
    assert prepared.case(1).change.values[-1] == ("plan.launch-campaign.tone", 1.0)


def test_whole_numbers_stay_whole(tmp_path):
    places = ["plan.launch-campaign.when", "plan.publish-survey.when - 1"]
    launch = {"name": "launch", "set": places, "low": 10, "high": 13, "levels": 9}
    prepared = prepare_study(small_study(lever=[launch]))
    assert prepared.design.table["launch"].tolist() == [10, 11, 12, 13]
    assert prepared.case(3).change.values[-2:] == (("plan.launch-campaign.when", 13), ("plan.publish-survey.when", 12))
    firms = tmp_path / "firms.csv"
    firms.write_text("firms\n15\n20.0\n")
    listed = small_study(
        set={"weeks": 60}, lever=[{"name": "firms", "set": ["firms.number"], "low": 10, "high": 30}],
        design={"kind": "list", "file": str(firms), "levers": "sampled"},
    )  # fmt: skip
    assert sim.study(listed).values("adopters").shape == (2, 1, REPLICATES)
    assert prepare_study(listed).case(1).change.values[-1] == ("firms.number", 20)


def test_a_template_writes_the_number_into_a_condition():
    lever = {
        "name": "coverage", "set": ["plan.launch-campaign.when"], "values": [0.123456789, 26.0],
        "template": "coverage > {value} or week >= 40",
    }  # fmt: skip
    prepared = prepare_study(small_study(lever=[lever]))
    texts = [prepared.case(point).change.values[-1][1] for point in range(2)]
    assert texts == [f"coverage > {number} or week >= 40" for number in ("0.123456789", "26")]


def test_options_choose_scenarios_set_values_and_leave_actions_out():
    who = {
        "name": "what",
        "option": [
            {"name": "as-it-is"},
            {"name": "calm", "scenario": CALM},
            {"name": "no-campaign", "remove": ["launch-campaign"]},
            {"name": "ngo", "set": {"plan.launch-campaign.by": "ngo", "parameter.stimulus": 7.0}},
        ],
    }
    study = small_study(lever=[who], outcomes=["adopters"])
    prepared = prepare_study(study)
    assert [base.name for base in prepared.bases] == [CAMPAIGN, CALM]
    assert [prepared.case(point).base for point in range(4)] == [0, 1, 0, 0]
    assert prepared.case(2).change.removed == ("launch-campaign",)
    assert dict(prepared.case(3).parameters) == {"stimulus": 7.0}
    values = sim.study(study).values("adopters")[0]
    expected = [
        sim.simulate(small_world(CAMPAIGN), 3),
        sim.simulate(small_world(CALM), 3),
        sim.simulate(changed(small_world(CAMPAIGN), Change((), ("launch-campaign",))), 3),
        sim.simulate(small_world(CAMPAIGN, **{"plan.launch-campaign.by": "ngo"}), 3, parameters={"stimulus": 7.0}),
    ]
    for plan, one in enumerate(expected):
        assert values[plan].tolist() == one.outcomes["adopters"].tolist()


# ---------------------------------------------------------------------- the EMA workbench


def test_the_workbench_runs_the_same_model():
    workbench = pytest.importorskip("ema_workbench")
    from sim.ema import ema_model

    case = small_world(CAMPAIGN)
    levers = {
        "plan.launch-campaign.tone": (0.0, 1.0), "plan.launch-campaign.by": ["ombud", "ngo"],
        "parameter.trust_gain": (0.01, 0.05), "plan.publish-survey.n": (1000, 2000),
    }  # fmt: skip
    model = ema_model(
        case, uncertainties=["stimulus", "press_rate"], levers=levers, outcomes=["adopters"], replicates=4
    )
    experiments, results = workbench.perform_experiments(model, scenarios=2, policies=2)
    assert len(experiments) == len(results["adopters"]) == 4
    for (_, row), found in zip(experiments.iterrows(), results["adopters"], strict=True):
        world = changed(
            case,
            Change((
                ("plan.launch-campaign.tone", float(row["plan_launch_campaign_tone"])),
                ("plan.launch-campaign.by", row["plan_launch_campaign_by"]),
                ("plan.publish-survey.n", int(row["plan_publish_survey_n"])),
            )),
        )  # fmt: skip
        names = {"stimulus": "stimulus", "press_rate": "press_rate", "trust_gain": "parameter_trust_gain"}
        parameters = {name: float(row[column]) for name, column in names.items()}
        assert found == sim.simulate(world, 4, parameters=parameters).outcomes["adopters"].mean()


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"outcomes": ["adoptres"]}, "ema_model: outcomes: unknown outcome 'adoptres' (did you mean 'adopters'?)"),
        ({"uncertainties": ["stimulsu"]}, "ema_model: uncertainties: unknown parameter 'stimulsu'"),
        ({"levers": {"plan.launch-campagn.tone": (0.0, 1.0)}}, "ema_model: levers: found 'plan.launch-campagn.tone'"),
        ({"levers": {"plan.launch-campaign.tone": (0.0, 2.0)}}, "ema_model: levers: campaign-while-partnering: plan 5"),
        ({"levers": {"plan.launch-campaign.tone": (1.0, 0.0)}}, "ema_model: levers: plan.launch-campaign.tone: found"),
        ({"levers": {"plan.launch-campaign.by": ["ombud", "nog"]}}, "ema_model: levers: campaign-while-partnering"),
        ({"levers": {"parameter.stimulsu": (4.0, 5.0)}}, "ema_model: levers: parameter.stimulsu: unknown parameter"),
    ],
)
def test_what_the_workbench_cannot_be_given_is_one_line(wrong, told):
    pytest.importorskip("ema_workbench")
    from sim.ema import ema_model

    with pytest.raises(InputError) as caught:
        ema_model(CAMPAIGN, **wrong)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------------- the command


def as_toml(study: dict) -> str:
    """Write the keys and tables of a study as a file has them."""
    plain = {key: value for key, value in study.items() if not isinstance(value, (dict, list)) or key == "outcomes"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
    lines += [f"{key} = {json.dumps(study[key])}" for key in ("series",) if key in study]
    for key in ("set", "design", "parameters"):
        rows = study.get(key, {}).items()
        lines += [f"[{key}]", *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in rows)]
    for key in ("uncertainty", "lever"):
        for row in study.get(key, ()):
            lines += [f"[[{key}]]", *(f"{name} = {json.dumps(value)}" for name, value in row.items())]
    return "\n".join(lines) + "\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my small study.toml"
    path.write_text(as_toml(parameter_study()))
    return path


def test_the_command_runs_a_file_and_says_what_it_found(file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command(["study", str(file)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "grid: 5 points x 3 worlds = 15 worlds in 5 shards" in out
    assert "estimate: about " in out
    assert "written to results/my-small-study: summary.csv, outcomes.png, findings.txt" in out
    assert run_command(["study", "run", str(file), "--out", "other", "--workers", "1"]) == 0
    assert contents(Path("other")) == contents(Path("results/my-small-study"))
    assert len(pd.read_csv("other/summary.csv")) == 5


def test_the_command_says_how_far_a_study_is_and_retries(file, tmp_path, capsys, monkeypatch):
    folder = tmp_path / "out"
    with monkeypatch.context() as patch:
        watched(patch, lambda parameters: parameters["stimulus"] == 6.0)
        assert run_command(["study", str(file), "--out", str(folder)]) == 1
    assert "failed: 1 of 5 points, the first is point 2: RuntimeError" in capsys.readouterr().out
    sorted(whole_shards(folder))[0].unlink()
    before = contents(folder)
    assert run_command(["study", "status", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "3 of 5 shards done, 1 missing, 1 with failed points; 9 of 15 worlds" in out
    assert "point 2 (" in out
    assert f"sim study retry {folder} runs only the failed points again" in out
    assert contents(folder) == before
    assert run_command(["study", "retry", str(folder)]) == 0
    assert run_command(["study", str(file), "--out", str(folder), "--resume"]) == 0
    assert run_command(["study", str(file), "--out", str(tmp_path / "whole")]) == 0
    assert contents(folder) == contents(tmp_path / "whole")
    assert run_command(["study", "retry", str(folder)]) == 2


def test_a_dry_run_writes_nothing(file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = contents(tmp_path)
    assert run_command(["study", str(file), "--dry-run"]) == 0
    assert "estimate: about 1 s" in capsys.readouterr().out
    assert run_command(["study", str(file), "--dry-run", "--out", "somewhere/else"]) == 0
    assert contents(tmp_path) == before
    assert not Path("somewhere").exists()


def test_a_folder_without_a_study_is_told_and_not_made(tmp_path, capsys):
    for command in ("status", "retry"):
        assert run_command(["study", command, str(tmp_path / "nowhere")]) == 2
        error = capsys.readouterr().err
        assert error == f"error: {tmp_path}/nowhere: holds no study, expected a folder that `sim study` has written\n"
    assert not (tmp_path / "nowhere").exists()


def test_the_command_takes_worlds_and_seed(file, tmp_path, capsys):
    assert run_command(["study", str(file), "--out", str(tmp_path / "a"), "--replicates", "4", "--seed", "3"]) == 0
    assert "5 points x 4 worlds  ·  seed 3" in capsys.readouterr().out


def test_help_names_the_commands(capsys):
    for words in (["study"], ["study", "--help"]):
        assert run_command(words) == 0
        out = capsys.readouterr().out
        assert all(word in out for word in ("run", "status", "retry"))
    assert run_command(["study", "run", "--help"]) == 0
    assert "--resume" in capsys.readouterr().out


def test_other_words_and_questions_run_nothing_again(tmp_path, monkeypatch):
    first = sim.study(small_study(), tmp_path)
    calls = watched(monkeypatch)
    asked = small_study() | {"title": "Another title"}
    again = sim.study(asked, tmp_path)
    assert len(calls) == 0
    assert again.digest == first.digest
    assert sim.open_study(tmp_path).prepared.file.title == "Another title"


def test_points_that_cannot_be_made_again_are_not_analysed(tmp_path):
    """A registry or a sampler of another version would put other parameters beside the same outcomes."""
    study = small_study() | {"uncertainty": [STIMULUS], "design": {"kind": "latin-hypercube", "samples": 3}}
    sim.study(study, tmp_path)
    table = pd.read_parquet(tmp_path / "points.parquet")
    table["stimulus"] += 0.1
    table.to_parquet(tmp_path / "points.parquet", index=False)
    with pytest.raises(InputError, match="points cannot be made again"):
        sim.open_study(tmp_path)


def test_a_failed_point_costs_only_what_needs_it(tmp_path, monkeypatch):
    """Sobol and Morris need every point; the findings say so, and the rest is told."""
    study = small_study(lever=None) | {
        "uncertainty": [STIMULUS, {"parameter": "exit_heat"}],
        "design": {"kind": "morris", "samples": 2},
    }
    bad = prepare_study(study).design.point(1)["exit_heat"], prepare_study(study).design.point(1)["stimulus"]
    watched(monkeypatch, fails=lambda values: (values["exit_heat"], values["stimulus"]) == bad)
    found = sim.study(study, tmp_path)
    assert list(found.failures) == [1]
    assert any(text.startswith("Not analysed: ") and "point" in text for text in found.sentences())


def test_extremes_are_chosen_and_compared_in_different_worlds():
    """Among many equal points there is always a lowest and a highest; that alone must not look like a difference."""
    design = prepare_study(small_study(lever=[{**TONE, "levels": 40}])).design
    excluded = 0
    for trial in range(40):
        draws = [uniform(trial, point, int(Decision.BOOTSTRAP), 1, world) for point in range(40) for world in range(40)]
        noise = np.array(draws).reshape(40, 1, 40)
        file = SimpleNamespace(own_worlds=False, seed=trial)
        fake = SimpleNamespace(values=lambda name, noise=noise: noise, design=design, plans=("the plan",),
                               matter=lambda name: 0.0, prepared=SimpleNamespace(file=file))  # fmt: skip
        told = _extremes(fake, "adopters")
        low, high = map(float, re.search(r"95 % interval (-?[\d.]+) to (-?[\d.]+)", told).groups())
        excluded += low > 0.0 or high < 0.0
    assert excluded <= 6  # 2 are expected


def test_verdicts_are_told_for_every_design():
    study = sim.study(
        small_study(lever=None)
        | {
            "scenarios": [CAMPAIGN, CALM],
            "uncertainty": [STIMULUS],
            "design": {"kind": "latin-hypercube", "samples": 4},
            "difference": [{"a": CAMPAIGN, "b": CALM, "outcome": "weeks_away"}],
            "outcomes": ["weeks_away"],
            "set": {"weeks": 80},
            "replicates": 30,
        }
    )
    (one,) = study.answers["difference"].found
    values = study.values("weeks_away")
    assert one.overall.difference == pytest.approx((values[:, 1] - values[:, 0]).mean())
    assert len(one.verdicts) == 4
    assert study.sentences()[0].startswith("Weeks apart: partner-in-calm-seas against campaign-while-partnering: ")
    assert "of 100 samples" in study.sentences()[0]
