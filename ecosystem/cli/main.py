"""The command `ecosystem` as a process: what becomes of errors, of Ctrl-C and of streams that fail.

Nothing heavy is imported here, so that Ctrl-C is answered from the beginning; `program` has the commands.
"""

from __future__ import annotations

import os
import sys

from ecosystem.messages import tr, tr_later

TYPE_CHECKING = False  # as in `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

INTERRUPTED = 130
"""The exit code after Ctrl-C."""
STOPPED = tr_later("stopped: what was being written has been discarded, and what existed before is unchanged")
CLEARING_SECONDS = 5.0
"""So long after Ctrl-C another one waits for what is being put in order; a later one ends the process at once."""


def __getattr__(name: str) -> Any:
    """`app`, for those who ask what the commands are."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ecosystem.cli.program import app

    return app


def main() -> None:
    """Run the command line: exit 0 done, 1 findings or an expected error, 2 wrong usage, 130 interrupted."""
    interrupts = Interrupts()
    try:
        interrupts.begin()
        code = _run()
        interrupted = code == INTERRUPTED or (code != 0 and interrupts.came)
    except BaseException as err:
        # a library that is stopped while it is imported, or in an engine, may make another error of it
        if not (interrupts.came or isinstance(err, KeyboardInterrupt)):
            raise
        interrupted = True
    if interrupted:
        from ecosystem.cli.console import close_streams, say_error

        say_error(tr(STOPPED))
        close_streams()
        code = INTERRUPTED
    interrupts.end()
    sys.exit(code)


class Interrupts:
    """Ctrl-C of this process, unless it was started so that it has none."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._unraisable = sys.unraisablehook

    @property
    def came(self) -> bool:
        """Whether there was one."""
        return self._at is not None

    def begin(self) -> None:
        """From here on the first Ctrl-C is a KeyboardInterrupt, wherever the process is."""
        sys.unraisablehook = self._again
        self._set(self._interrupt)

    def end(self) -> None:
        """All is done and said: from here on Ctrl-C ends the process at once, without a traceback."""
        sys.unraisablehook = self._unraisable
        self._set(_leave)

    def _set(self, handler: Any) -> None:
        import signal

        # a program in the background is started to ignore Ctrl-C, which is not for it
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            try:
                signal.signal(signal.SIGINT, handler)
            except ValueError:  # not in the main thread, which alone hears signals
                return

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        import time

        if self._at is None:
            self._at = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - self._at > CLEARING_SECONDS:
            _leave(number, frame)

    def _again(self, unraisable: Any) -> None:
        """Come again where Python was in a place, such as a destructor, from which no error gets out."""
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._unraisable(unraisable)
            return
        import signal
        import threading

        self._at = None
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()


def _leave(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, b"stopped\n")
    finally:
        os._exit(INTERRUPTED)


def _run() -> int:
    """The exit code of the command line; every expected error has been said then."""
    from ecosystem.cli.console import open_streams
    from ecosystem.cli.settings import find_settings, using
    from ecosystem.messages import speaking

    open_streams()
    # what is wrong with the settings is said in the language of the words and the environment
    with speaking(_language(sys.argv[1:])):
        settings = find_settings(sys.argv[1:])
    with using(settings), speaking(_language(sys.argv[1:], settings.values.get("lang", ""))):
        return _spoken_run()


def _spoken_run() -> int:
    from ecosystem.cli.console import be_quiet, close_streams, say_error
    from ecosystem.cli.outputs import check_words
    from ecosystem.cli.program import app
    from ecosystem.cli.table_options import refuse_unknown_columns
    from ecosystem.errors import EcosystemError, UsageError

    be_quiet(False)
    try:
        check_words(sys.argv[1:])
        code = app(prog_name="ecosystem", standalone_mode=False) or 0
        refuse_unknown_columns()
    except UsageError as err:
        say_error(tr("error: {err}", err=err))
        code = 2
    except EcosystemError as err:
        say_error(tr("error: {err}", err=err))
        code = 1
    except SystemExit as stop:
        # Typer leaves so when the program at the other end of a pipe has read enough (`| head`)
        code = 0 if isinstance(stop.__context__, BrokenPipeError) else _number(stop.code)
    except MemoryError:
        say_error(tr("error: there is not enough memory\n  hint: close other programs, or ask for less"))
        code = 1
    except OSError:
        if close_streams("\n"):  # it was no stream that failed
            raise
        return 1
    except Exception as err:
        # what Typer's parser refuses; its class has no public name
        if not hasattr(err, "format_message"):
            raise
        from ecosystem.cli.wrong_usage import refusal

        say_error(refusal(err))
        code = _number(getattr(err, "exit_code", 2))
    return code if close_streams() else code or 1


def _language(arguments: list[str], setting: str = "") -> str:
    """The language that `--lang` says, else ECOSYSTEM_LANG, else the settings, else the locale.

    A `--lang` that is no language is refused later, by the command that it was given to.
    """
    import locale
    from itertools import pairwise

    from ecosystem.messages import LANGUAGES

    given = [
        word.removeprefix("--lang=") if word.startswith("--lang=") else after
        for word, after in pairwise([*arguments, ""])
        if word == "--lang" or word.startswith("--lang=")
    ]
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    chinese = (name or (locale.getlocale()[0] or "")).lower().startswith(("zh", "chinese"))
    wanted = (*given[-1:], os.environ.get("ECOSYSTEM_LANG", ""), setting, "zh" if chinese else "en")
    return next(language for language in wanted if language in LANGUAGES)


def _number(code: object) -> int:
    return code if isinstance(code, int) else 0 if code is None else 1
