"""The supervisor with small programs; each runs in a process of its own, to be stopped and killed."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SUPERVISOR = """
    import signal, sys, time
    from pathlib import Path
    from devtools.demo.processes import Stopped, Supervisor
    from devtools.embedded.program import Program

    folder = Path(sys.argv[1])
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may be run by nohup

    def program(name, script):
        return Program(name=name, argv=("/bin/sh", "-c", script), log=folder / "log", env={})

    supervisor = Supervisor(lambda text: print(text, flush=True), pause=0.3)
    try:
        with supervisor.running():
"""
END = """
    except Stopped:
        print("stopped", flush=True)
"""
# A program with a child of its own, like gunicorn and its workers.
PARENT = "sleep 1000 & echo $! >> {folder}/pids; echo $$ >> {folder}/pids; wait"


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def start(body: str) -> "subprocess.Popen[str]":
        lines = [line.format(folder=tmp_path) for line in body.splitlines()]
        code = textwrap.dedent(SUPERVISOR) + textwrap.indent("\n".join(lines), " " * 8)
        command = [sys.executable, "-c", code + textwrap.dedent(END), str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(folder: Path, count: int) -> list[int]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        path = folder / "pids"
        if path.exists() and len(found := path.read_text().split()) >= count:
            return [int(pid) for pid in found]
        time.sleep(0.02)
    raise AssertionError("the programs did not start")


def wait_until_gone(numbers: list[int]) -> None:
    end = time.monotonic() + 60
    while alive := [pid for pid in numbers if is_alive(pid)]:
        assert time.monotonic() < end, alive
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


Supervise = Callable[[str], "subprocess.Popen[str]"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_programs_and_their_children(
    supervise: Supervise, tmp_path: Path, number: signal.Signals
) -> None:
    process = supervise(f'supervisor.add(lambda: program("one", "{PARENT}"))\nsupervisor.watch()')
    found = pids(tmp_path, 2)
    process.send_signal(number)
    process.send_signal(number)  # an impatient second Ctrl-C
    assert process.communicate(timeout=60)[0] == "stopped\n"
    wait_until_gone(found)


@pytest.mark.parametrize("way", ["add(lambda: one)", "run_once(one)"])
def test_a_signal_during_a_start_leaves_nothing_behind(
    supervise: Supervise, tmp_path: Path, way: str
) -> None:
    body = f"""
import os
class Interrupted(Program):
    def spawn(self, *, tied):
        process = super().spawn(tied=tied)
        while len((folder / "pids").read_text().split()) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)
        return process
(folder / "pids").touch()
argv = ("/bin/sh", "-c", "{PARENT}")
one = Interrupted(name="one", argv=argv, log=folder / "log", env=dict())
supervisor.{way}
supervisor.watch()
"""
    process = supervise(body)
    found = pids(tmp_path, 2)
    assert process.communicate(timeout=60)[0] == "stopped\n"
    wait_until_gone(found)


def test_a_killed_supervisor_takes_the_programs_along(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise(
        'supervisor.add(lambda: program("one", "echo $$ > {folder}/pids; exec sleep 1000"))\n'
        "supervisor.watch()"
    )
    found = pids(tmp_path, 1)
    process.kill()
    wait_until_gone(found)


def test_a_program_that_ignores_the_signal_is_killed(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise(
        "import devtools.demo.processes as processes\n"
        "processes.PATIENCE = {{False: 0.5, True: 0.5}}\n"
        "supervisor.add(lambda: program('one', 'trap \"\" TERM; echo $$ > {folder}/pids;"
        " while true; do sleep 0.1; done'))\n"
        "supervisor.watch()"
    )
    found = pids(tmp_path, 1)
    process.terminate()
    process.communicate(timeout=60)
    wait_until_gone(found)


def test_a_program_that_dies_is_started_again(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise(f'supervisor.add(lambda: program("one", "{PARENT}"))\nsupervisor.watch()')
    child, main = pids(tmp_path, 2)
    os.kill(main, signal.SIGKILL)
    assert process.stdout is not None
    first_line, second_line = process.stdout.readline(), process.stdout.readline()
    assert first_line.startswith("one: процесс завершился (сигнал 9), перезапуск через 0 с")
    assert second_line == "one: запущен снова.\n"
    again = pids(tmp_path, 4)[2:]
    wait_until_gone([child, main])  # the orphan of the dead one, too
    process.terminate()
    process.communicate(timeout=60)
    wait_until_gone(again)


def test_servers_stop_last(supervise: Supervise, tmp_path: Path) -> None:
    script = "trap 'sleep {delay}; echo {name} >> {{folder}}/order; exit' TERM; "
    script += "echo $$ >> {{folder}}/pids; while true; do sleep 0.05; done"
    server = script.format(name="server", delay="0")
    site = script.format(name="site", delay="0.3")
    process = supervise(
        f'supervisor.add(lambda: program("server", "{server}"), is_server=True)\n'
        f'supervisor.add(lambda: program("site", "{site}"))\nsupervisor.watch()'
    )
    pids(tmp_path, 2)
    process.terminate()
    process.communicate(timeout=60)
    assert (tmp_path / "order").read_text().split() == ["site", "server"]


def test_one_step_returns_its_exit_status(supervise: Supervise) -> None:
    process = supervise('print(supervisor.run_once(program("step", "exit 3")), flush=True)')
    assert process.communicate(timeout=60)[0] == "3\n"
