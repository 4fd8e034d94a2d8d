"""`tl-course`: argument parsing only; every command is a function elsewhere."""

import argparse
import sys
from pathlib import Path

# What only some commands need, and the extra that installs it.
EXTRAS = {
    **dict.fromkeys(
        ("dask", "distributed", "jupytext", "nbclient", "nbconvert", "nbformat", "psutil"), "course"
    ),
}


def main(argv=None) -> int:
    """Run a command; the exit code."""
    parser = argparse.ArgumentParser(prog="tl-course", description="The transfer learning course.")
    commands = parser.add_subparsers(dest="command", required=True)

    commands.add_parser("doctor", help="is this machine ready? an OK or FAIL line for each need")
    run = commands.add_parser("run", help="execute lessons and write their pages and claims")
    run.add_argument("lesson", nargs="*", help="numbers like 00 02; default all")
    run.add_argument("--out", type=Path, help="default build/lessons in the checkout")
    build = commands.add_parser("build", help="make the notebooks, and the README's links")
    build.add_argument("--check", action="store_true", help="only fail if something is out of date")
    site = commands.add_parser("site", help="make the static site in build/site")
    site.add_argument(
        "--smoke", action="store_true", help="a trial in build/site-smoke: a step a fit"
    )
    pretrain = commands.add_parser("pretrain", help="make an embedded backbone's weights")
    pretrain.add_argument("name", choices=["tiny-resnet", "tiny-resnet-s"], help="which")
    pretrain.add_argument(
        "--weights", default="default", help="which of the network's; default %(default)s"
    )
    pretrain.add_argument("--work", type=Path, help="checkpoints; default below build/pretrain")
    pretrain.add_argument("--out", type=Path, help="default: into the package")
    pretrain.add_argument("--pictures", type=int, help="how many; default: the recipe's")
    pretrain.add_argument("--seed", type=int, default=0)
    prefetch = commands.add_parser("prefetch", help="download data and networks before a class")
    prefetch.add_argument("name", nargs="*", default=["photos10"], help="default photos10")
    record = commands.add_parser("record", help="make recorded runs again")
    record.add_argument("name", nargs="*", help="default: those that are stale")
    transfer_map = commands.add_parser(
        "map", help="make the transfer map again: depth x images a class x distance x seed"
    )
    transfer_map.set_defaults(name=["map"])
    for command in (record, transfer_map):
        command.add_argument("--workers", type=int, default=1, help="processes; default 1")
        command.add_argument("--scheduler", help="tcp://host:port of a dask cluster")
    claims = commands.add_parser("claims", help="how often do a lesson's claims hold?")
    claims.add_argument("lesson", help="its number, like 02")
    claims.add_argument("--seeds", default="100:110", help="first:last+1, default %(default)s")
    _grading_commands(commands)

    args = parser.parse_args(argv)
    try:
        return COMMANDS[args.command](args) or 0
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        need = f'pip install "tl-helpers[{extra}]"'
        print(f"tl-course {args.command}: {error.name} is not installed: {need}", file=sys.stderr)
        return 1
    except Exception as error:
        # Ours say what to do; a traceback would bury that. Others are bugs and keep theirs.
        if not type(error).__module__.startswith("tl_helpers"):
            raise
        print(f"tl-course {args.command}: {error}", file=sys.stderr)
        return 1


def _grading_commands(commands):
    release = commands.add_parser("release", help="make the student edition of an assignment")
    release.add_argument("assignment", help="its number, like 02, or its source's path")
    release.add_argument("--out", type=Path, required=True, help="the folder to write into")
    release.add_argument("--at", default="assignments", help="where it will be published")
    submit = commands.add_parser("submit", help="hand in a notebook, and get a receipt")
    submit.add_argument("notebook", type=Path)
    submit.add_argument("--to", type=Path, required=True, help="the folder for what is handed in")
    receipt = commands.add_parser("receipt", help="is this the notebook of that receipt?")
    receipt.add_argument("receipt", type=Path)
    receipt.add_argument("notebook", type=Path)
    collect = commands.add_parser("collect", help="take in what was handed in")
    collect.add_argument("source", type=Path, help="an LMS's zip, a folder, or nbgrader's exchange")
    collect.add_argument("assignment", help="its number, like 02, or its source's path")
    collect.add_argument("--out", type=Path, required=True, help="the collection's folder")
    collect.add_argument("--roster", type=Path, help="CSV with id, and name, canvas or moodle")
    grade = commands.add_parser("grade", help="grade a collection, or go on with it")
    grade.add_argument("assignment", help="its number, like 02, or its source's path")
    grade.add_argument("--submissions", type=Path, required=True, help="what collect made")
    grade.add_argument("--workers", type=int, help="processes; default one a core")
    grade.add_argument("--scheduler", help="tcp://host:port of a dask cluster")
    grade.add_argument("--gradebook", type=Path, help="also write into this nbgrader gradebook.db")
    grade.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run what students hand in as yourself: it can read the key and change grades",
    )
    for command in (release, grade):
        command.add_argument("--key", type=Path, help="the secret key; default in your settings")


def _doctor(args):
    from .course.doctor import examine

    ill = 0
    for well, name, text in examine():
        print(f"{'OK  ' if well else 'FAIL'}  {name}: {text}", flush=True)
        ill += not well
    return 1 if ill else 0


def _run(args):
    from .course.execute import execute_all
    from .course.sources import lessons_folder

    out = args.out or lessons_folder().parent / "build" / "lessons"
    runs = execute_all(args.lesson, out)
    for run in runs:
        judged = [c["supported"] for c in run.claims if c["supported"] is not None]
        told = f"{sum(judged)} of {len(judged)} claims supported" if judged else "no claim judged"
        print(f"{run.title}: {'ran' if run.ok else 'FAILED'} in {run.seconds:.0f} s, {told}")
        if run.error:
            print(run.error, file=sys.stderr)
    print(f"Pages and claims: {out / 'index.html'}")
    return 0 if all(run.ok for run in runs) else 1


def _build(args):
    from .course import readme, sources

    changed = sources.build(check=args.check) + readme.build(check=args.check)
    for path in changed:
        print(f"{'out of date' if args.check else 'built'}: {path.name}")
    if args.check and changed:
        print("run `make build` and commit what it makes", file=sys.stderr)
        return 1
    return 0


def _site(args):
    from .course.site import build_site
    from .session import smoke

    where = build_site(smoke=args.smoke or smoke())
    print(f"The site: {where}; look at it with `python -m http.server -d {where}`")


def _pretrain(args):
    from dataclasses import replace

    from .backbones.pretrain import pretrain
    from .backbones.recipes import RECIPES
    from .backbones.weights import stem
    from .session import setup

    setup()
    recipes = RECIPES[args.name]
    if args.weights not in recipes:
        raise SystemExit(
            f"tl-course pretrain: {args.name} has no recipe for weights {args.weights!r}; there "
            f"are {', '.join(recipes)}"
        )
    recipe = replace(recipes[args.weights], seed=args.seed)
    if args.pictures:
        if not args.out:
            raise SystemExit(
                "tl-course pretrain: --pictures makes other weights than the package's; say with "
                "--out where they go"
            )
        recipe = replace(recipe, pictures=args.pictures)
    work = args.work or Path("build/pretrain") / stem(args.name, args.weights)
    card = pretrain(args.name, recipe, work, args.out, called=args.weights)
    print(f"weights {card['weights']}, held-out accuracy {100 * card['held_out_accuracy']:.1f} %")


def _prefetch(args):
    from .downloads import prefetch

    prefetch(*args.name)


def _record(args):
    from .evaluate import StaleRecord, recorded, recorded_names
    from .evaluate.recorded import record

    unknown = set(args.name) - set(recorded_names())
    if unknown:
        raise SystemExit(
            f"tl-course record: there is no experiment {', '.join(sorted(unknown))}; "
            f"there are {', '.join(recorded_names())}"
        )
    for name in args.name or recorded_names():
        try:
            if not args.name:
                recorded(name)
                print(f"{name}: up to date")
                continue
        except StaleRecord:
            pass
        made = record(
            name, f"build/jobs/{name}.sqlite", workers=args.workers, scheduler=args.scheduler
        )
        metric = made.metrics[0]
        print(f"{name}: {len(made.table)} runs recorded; means of {metric} in percent:")
        print(made.summary(metric).to_string(index=False))


def _claims(args):
    from .course.fresh_seeds import tabulate

    try:
        first, last = map(int, args.seeds.split(":"))
        if last <= first:
            raise ValueError
    except ValueError:
        raise SystemExit(
            f"tl-course claims: --seeds takes first:last+1, like 100:110, not {args.seeds!r}"
        ) from None
    table = tabulate(args.lesson, range(first, last), f"build/jobs/claims-{args.lesson}.sqlite")
    print(table.to_string(index=False))


def _release(args):
    from .course.grading.keys import default_path
    from .course.release import release

    where = args.key or default_path()
    if not where.exists():
        print(f"Your secret key is made now: {where}. Keep a copy; grading needs the same one.")
    for path in release(args.assignment, args.out, args.key, args.at):
        print(f"written: {path}")


def _submit(args):
    from .course.submit import submit

    receipt, told = submit(args.notebook, args.to)
    print(f"Handed in: assignment {receipt.assignment} of {receipt.student}, {receipt.size} bytes")
    print(f"Receipt {receipt.sha256[:12]}, kept in {told}")


def _receipt(args):
    from .course.submit import verify

    same = verify(args.receipt, args.notebook)
    print("It is the one." if same else "It is another one, or has been changed since.")
    return 0 if same else 1


def _collect(args):
    from .course.assignments import read_assignment
    from .course.collect import collect, latest

    number = read_assignment(args.assignment).number
    taken = collect(args.source, number, args.out, args.roster)
    for one in taken:
        if one.problem or one.note:
            print(f"{one.name!a}: {one.problem or one.note}")
    last = latest(taken)
    good = sum(one.problem is None for one in last)
    print(f"{len(taken)} files of {len(last)} students, of whom {good} can be graded")


def _grade(args):
    from .course.grading.feedback import write_feedback
    from .course.grading.grade import grade
    from .course.grading.lms import write_tables
    from .course.grading.report import write_report

    assignment, grades = grade(
        args.assignment,
        args.submissions,
        key=args.key,
        workers=args.workers,
        scheduler=args.scheduler,
        protected=not args.unsafe_no_sandbox,
    )
    out = args.submissions / "grades"
    for path in write_tables(assignment, grades, out):
        print(f"written: {path}")
    pages = write_feedback(assignment, grades, args.submissions, out / "feedback")
    print(f"written: {len(pages)} pages in {out / 'feedback'}")
    print(f"written: {write_report(assignment, grades, args.submissions, out)}")
    if args.gradebook:
        from .course.grading.gradebook import import_grades

        print(f"{import_grades(assignment, grades, args.gradebook)} grades into {args.gradebook}")
    if args.unsafe_no_sandbox:
        print("Graded WITHOUT a sandbox: each grade says so.", file=sys.stderr)
    for state in ("problem", "not graded"):
        for one in grades:
            if one.state == state:
                print(f"{state}: {one.submission.name!a}: {one.reason}", file=sys.stderr)
    return 1 if any(one.state == "not graded" for one in grades) else 0


COMMANDS = {
    "release": _release,
    "submit": _submit,
    "receipt": _receipt,
    "collect": _collect,
    "grade": _grade,
    "doctor": _doctor,
    "run": _run,
    "build": _build,
    "site": _site,
    "pretrain": _pretrain,
    "prefetch": _prefetch,
    "record": _record,
    "map": _record,
    "claims": _claims,
}

if __name__ == "__main__":
    sys.exit(main())
