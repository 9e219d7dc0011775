"""Puts each fault of planted.txt into a copy of the libraries and counts the cuts until it is found."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def faults():
    found = []
    with open(os.path.join(HERE, "planted.txt")) as lines:
        for line in lines.read().split("\n"):
            if line[:1] == "=":
                found.append({"=": line[2:]})
            elif line[:1] in ("@", "-", "+"):
                found[-1][line[0]] = line[2:]
    return found


def main():
    missed = 0
    print("| planted | cuts until it is found | said |\n| --- | --- | --- |", flush=True)
    for fault in faults():
        folder = tempfile.mkdtemp(prefix="femto-planted-")
        try:
            listed = ["git", "-C", ROOT, "ls-files", "lib", "tests", "*.props", "nf.sln", ".editorconfig"]
            files = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\n")
            for name in filter(None, files):
                if os.path.isfile(os.path.join(ROOT, name)):
                    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                    shutil.copy(os.path.join(ROOT, name), os.path.join(folder, name))
            path = os.path.join(folder, fault["@"])
            with open(path) as f:
                text = f.read()
            if text.count(fault["-"]) != 1:
                raise RuntimeError(fault["="] + ": its text does not stand once in " + fault["@"])
            with open(path, "w") as f:
                f.write(text.replace(fault["-"], fault["+"]))
            build = "dotnet build tests/PowerCut/PowerCut.csproj -c Release --nologo -v quiet -nodeReuse:false"
            subprocess.run(build.split(), cwd=folder, check=True, stdout=subprocess.DEVNULL)
            run = "dotnet artifacts/bin/PowerCut/release/PowerCut.dll --first 5000"
            done = subprocess.run(run.split(), cwd=folder, capture_output=True, text=True)
            said = done.stdout.strip().split("\n")[-1]
            missed += not said[:1].isdigit()
            print("| %s | %s |" % (fault["="], said), flush=True)
        finally:
            shutil.rmtree(folder)
    return missed


if __name__ == "__main__":
    sys.exit(main())
