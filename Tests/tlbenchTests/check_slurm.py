"""Runs the Slurm example on a real Slurm on loopback, and kills a task of it.

Starts munge, a controller and four nodes in a temporary folder, submits a sweep of eight shards
with Examples/Slurm/submit, kills one task while it trains, lets Slurm requeue it, waits for the
merge, and compares the digest with that of the same sweep in one process. With the tool's path in
TLBENCH:

    TLBENCH=.build/release/tlbench python check_slurm.py

Needs root and the packages slurm-wlm and munge, which it installs if apt-get can; otherwise it is
skipped with a message and exit code 0. Exits with 1 if something is not as documented.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "Datasets" / "simple.weights.h5"
SHARDS = 8
PLAN = ["--architecture", "simple", "--sizes", "100,200,400", "--similarities", "low,high",
        "--replicates", "2", "--weights", str(WEIGHTS)]
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue")
# A requeued job waits until its old credential has expired.
CONFIGURATION = """
ClusterName=check
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={dir}/munge.sock,cred_expire=10
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={port}
SlurmctldPidFile={dir}/slurmctld.pid
SlurmdPidFile={dir}/slurmd.%n.pid
SlurmdSpoolDir={dir}/spool.%n
StateSaveLocation={dir}/state
SlurmctldLogFile={dir}/slurmctld.log
SlurmdLogFile={dir}/slurmd.%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdParameters=config_overrides
JobRequeue=1
KillWait=2
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
NodeName=n[1-4] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=2 \
RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(0)


def require_slurm():
    # The daemons are in folders that the PATH of a user need not have.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if sys.platform != "linux" or os.geteuid() != 0:
        skip("a Slurm of its own needs root on Linux")
    if all(map(shutil.which, PROGRAMS)):
        return
    if not shutil.which("apt-get"):
        skip("Slurm is not installed, and there is no apt-get")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "slurm-wlm", "munge"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
             "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    if subprocess.run(install, **quiet).returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(install, **quiet)
    if not all(map(shutil.which, PROGRAMS)):
        skip("slurm-wlm and munge cannot be installed")


def free_ports(count):
    """The first of `count` ports in a row that nobody listens on."""
    for first in range(16800, 60000, 17):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    skip("there are no free ports")


class Cluster:
    """A controller and four nodes, all of them on this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.pids = []

    def __enter__(self):
        folder, port = self.folder, free_ports(5)
        host = socket.gethostname().split(".")[0]
        os.chmod(folder, 0o711)
        for name in ["state"] + [f"spool.n{i}" for i in range(1, 5)]:
            os.mkdir(f"{folder}/{name}")
        with open(f"{folder}/slurm.conf", "w") as file:
            file.write(CONFIGURATION.format(
                host=host, dir=folder, port=port, first=port + 1, last=port + 4))
        with open(f"{folder}/munge.key", "wb") as file:
            file.write(os.urandom(1024))
        os.chmod(f"{folder}/munge.key", 0o400)
        os.environ["SLURM_CONF"] = f"{folder}/slurm.conf"
        try:
            self.start(["munged", "--force", f"--key-file={folder}/munge.key",
                        f"--socket={folder}/munge.sock", f"--pid-file={folder}/munged.pid",
                        f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed"],
                       "munged.pid")
            self.start(["slurmctld", "-c"], "slurmctld.pid")
            for i in range(1, 5):
                self.start(["slurmd", "-N", f"n{i}"], f"slurmd.n{i}.pid")
            wait("the nodes", lambda: slurm("sinfo", "-h", "-t", "idle", "-o", "%D") == "4", 60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, command, pid_file):
        subprocess.run(command, check=True, timeout=60)
        path = Path(self.folder, pid_file)
        wait(command[0], lambda: path.exists() and path.read_text().strip(), 30)
        self.pids.append(int(path.read_text()))

    def __exit__(self, *_):
        for pid in reversed(self.pids):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        deadline = time.time() + 20
        for pid in self.pids:
            while Path(f"/proc/{pid}").exists() and time.time() < deadline:
                time.sleep(0.1)


def slurm(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip()


def wait(what, condition, seconds):
    deadline = time.time() + seconds
    while not condition():
        if time.time() > deadline:
            raise TimeoutError(f"{what}: nothing after {seconds} s")
        time.sleep(0.1)


def job(number):
    """The fields of a job as Slurm shows them."""
    shown = slurm("scontrol", "-o", "show", "job", number)
    return dict(word.split("=", 1) for word in shown.split() if "=" in word)


def sweep_process(job_id):
    """The process of a task's tlbench, by the variables it was started with."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            name = (entry / "comm").read_text().strip()
        except OSError:
            continue
        if name == "tlbench" and f"SLURM_JOB_ID={job_id}".encode() in variables:
            return int(entry.name)
    return None


def runs(log):
    """How many runs a log reports as completed, and how many as restored from the journal."""
    text = Path(log).read_text() if Path(log).exists() else ""
    done = re.findall(r"\[ *\d+/\d+\] .* % in ", text)
    taken = re.findall(r"Resuming: (\d+) of \d+ runs restored from", text)
    return len(done), int(taken[0]) if taken else 0


def run(folder):
    tlbench = str(Path(os.environ["TLBENCH"]).resolve())
    os.environ["TLBENCH"] = tlbench
    os.environ["TLBENCH_SBATCH_FLAGS"] = f"--chdir={folder} --export=ALL"
    plan = PLAN + ["--tasks", folder]
    single = subprocess.run(
        [tlbench, "sweep", *plan, "--shard", "none", "--output", f"{folder}/single.h5"],
        capture_output=True, text=True, timeout=900)
    if single.returncode != 0:
        raise RuntimeError(single.stderr)
    submitted = subprocess.run(
        [str(ROOT / "Examples/Slurm/submit"), str(SHARDS), f"{folder}/sweep.h5", *plan],
        check=True, capture_output=True, text=True, timeout=60).stdout
    print(submitted.strip())
    array, merge = (word.strip(",") for word in submitted.split()[1::2])

    # The first task is killed once it has reported a run and while it has more to do.
    task, log = f"{array}_0", f"{folder}/tlbench-{array}_0.log"
    wait("a run of the first task", lambda: runs(log)[0] >= 1, 300)
    number = job(task)["JobId"]
    pid = sweep_process(number)
    if pid is None:
        raise RuntimeError("the first task had ended before it could be killed")
    os.kill(pid, signal.SIGKILL)
    before = runs(log)[0]
    print(f"task {task} killed after {before} of its runs")
    # For Slurm, a job whose process was killed has failed, so it is requeued by hand.
    wait("the end of the killed task", lambda: job(task).get("JobState") != "RUNNING", 60)
    subprocess.run(["scontrol", "requeue", task], check=True, timeout=60)

    def ended():
        state = job(merge).get("JobState", "")
        return state in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT")
    wait("the merging", ended, 900)
    state = job(merge)["JobState"]
    restarts = job(task).get("Restarts")
    done, taken = runs(log)
    print(f"task {task}: {job(task)['JobState']}, restarts {restarts}, {taken} runs restored from "
          f"the journal, {done} reported in all")
    print(f"merge {merge}: {state}")
    if state != "COMPLETED":
        raise RuntimeError(Path(folder, f"tlbench-{merge}.log").read_text())
    digests = [subprocess.run([tlbench, "digest", f"{folder}/{name}.h5"], check=True,
                              capture_output=True, text=True).stdout.strip()
               for name in ("single", "sweep")]
    for name, digest in zip(("one process", f"{SHARDS} shards"), digests):
        print(f"{name:<12}{digest}")
    problems = []
    if digests[0] != digests[1]:
        problems.append("the digests differ")
    if restarts != "1":
        problems.append("the killed task was not requeued")
    if taken < before:
        problems.append(f"{before - taken} runs that were reported are lost")
    return problems


def main():
    require_slurm()
    with tempfile.TemporaryDirectory(prefix="tlbench-slurm-") as folder:
        work = Path(folder, "work")
        work.mkdir()
        with Cluster(folder):
            problems = run(str(work))
    for problem in problems:
        print(problem, file=sys.stderr)
    print("failed" if problems else "digests equal")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
