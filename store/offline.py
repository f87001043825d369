"""The switches that keep the libraries underneath quiet: no telemetry, no hub, no update checks."""

import logging
import os
import sys

_SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",  # threads of ours fork; the tokenizer warns otherwise
    "TRANSFORMERS_VERBOSITY": "error",
}


def go_offline() -> None:
    """Set every switch; call it before importing a library that reads one.

    What the user's environment already sets is left alone.
    """
    for name, value in _SWITCHES.items():
        os.environ.setdefault(name, value)
    # OpenVINO reports each import over the network unless this package is absent; it has no
    # switch of its own, and goes without where the import fails.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def hush_transformers() -> None:
    """Keep the libraries that load models from writing to the terminal meanwhile."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # Not covered by the switch of transformers.
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
