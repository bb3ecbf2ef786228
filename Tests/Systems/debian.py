"""Other releases of Debian, from the mirror that this machine installs from."""

import subprocess
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def mirror():
    """The address of Debian's packages; None if the system does not use them."""
    try:
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(LABEL)", "Created-By: Packages"],
            capture_output=True, text=True).stdout
    except FileNotFoundError:
        return None
    addresses = [line.rsplit(" ", 1)[0] for line in listed.splitlines() if line.endswith(" Debian")]
    return addresses[0] if addresses else None


def unpack(package, suite, folder):
    """Fetches a package of a release and unpacks it, without installing it; returns its version."""
    folder = Path(folder)
    for part in ("lists/partial", "cache/archives/partial", "root"):
        (folder / part).mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    apt = [
        "apt-get", "-qq", "-o", f"Dir::Etc::SourceList={sources}", "-o", "Dir::Etc::SourceParts=-",
        "-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}",
        "-o", "APT::Sandbox::User=root"]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "download", package], check=True, cwd=folder)
    archive, = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", archive, folder / "root"], check=True)
    return subprocess.run(
        ["dpkg-deb", "-f", archive, "Version"], capture_output=True, text=True,
        check=True).stdout.strip()
