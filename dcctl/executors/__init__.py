"""The only doors to the outside world; each module that names no helper offers `EXECUTOR`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from dcctl.errors import InvalidContribution, NotFound
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context, Executor


def build(name: str, context: Context) -> Executor:
    """The executor `name` for one shard.

    Raises:
        NotFound: there is no such door. InvalidContribution: its module offers no `EXECUTOR`.
    """
    module_name = f"{__name__}.{name}"
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise NotFound(N_("there is no executor {name}"), name=name) from error
    if not hasattr(module, "EXECUTOR"):
        raise InvalidContribution(
            N_("{file} offers no {attribute}"), file=module.__file__ or name, attribute="EXECUTOR"
        )
    executor: Executor = module.EXECUTOR(context)
    return executor
