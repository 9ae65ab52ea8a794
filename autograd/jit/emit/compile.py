"""From a program to a function: the source of `running`, with chains over large arrays in blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograd.jit.blocks import Chain, fuse_chains
from autograd.jit.emit.running import Running
from autograd.program import Program, Variable

__all__ = ["emit_running"]


def emit_running(program: Program) -> Callable[..., Any]:
    """Return ``program`` as a compiled function of its inputs; its source is in the attribute ``source``."""
    program = fuse_chains(program)
    equations = [
        replace(equation, function=Compiled(equation.function)) if type(equation.function) is Chain else equation
        for equation in program.equations
    ]
    return _compiled(Running(replace(program, equations=equations)), program.name)


def _compiled(emitter: Running, name: str) -> Callable[..., Any]:
    source = emitter.source()
    namespace = dict(emitter.bound)
    exec(compile(source, f"<autograd: compiled {name}>", "exec"), namespace)
    run: Callable[..., Any] = namespace["run"]
    run.source = source  # type: ignore[attr-defined]
    return run


class Compiled:
    """A chain as compiled code: called with its inputs and the arrays that its results are written into."""

    fresh = True
    writes_outputs = True

    def __init__(self, chain: Chain) -> None:
        self.run = _compiled(Blocked(chain), "chain")
        self.__name__ = "chain"

    def __call__(self, *operands: Any) -> None:
        self.run(*operands)


class Blocked(Running):
    """Writes a chain down: a loop over blocks, with buffers of the size of a block.

    Inputs and outputs of the whole size are cut with ``x[block]``, which is a view.
    """

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain.program)
        self.chain = chain
        self.whole = {v: self.names.new(f"{self.names.of[v]}_whole") for v in self._cut()}
        self.pool.kinds[:] = [((chain.rows, *shape[1:]), dtype) for shape, dtype in self.pool.kinds]

    def _cut(self) -> list[Variable]:
        """The variables that are cut into blocks."""
        return [*(v for v in self.program.inputs if v.shape == self.chain.shape), *self.program.outputs]

    def out_of(self, output: Variable) -> str | None:
        """Where a result is written: into a block of an output, or into a buffer."""
        return self.names.of[output] if output in self.whole else super().out_of(output)

    def source(self) -> str:
        """The whole source."""
        signature = [self.whole.get(v, self.names.of[v]) for v in [*self.program.inputs, *self.program.outputs]]
        start, stop = self.names.new("start"), self.names.new("stop")
        rows, length = self.chain.rows, self.chain.shape[0]
        lines = [f"def run({', '.join(signature)}):", *self.taken()]
        lines.append(f"    for {start} in range(0, {length}, {rows}):")
        lines.append(f"        {stop} = min({start} + {rows}, {length})")
        lines += [f"        {self.names.of[v]} = {self.whole[v]}[{start}:{stop}]" for v in self._cut()]
        if length % rows:
            lines += [f"        {buffer} = {buffer}[: {stop} - {start}]" for buffer in self.buffers]
        for equation in self.program.equations:
            lines += [f"        {line}" for line in self.lines(equation)]
        return "\n".join([*lines, *(["    put(buffers)"] if self.pooled else [])]) + "\n"
