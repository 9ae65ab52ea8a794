"""From a program to a function: the source of `running`, with chains over large arrays in blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiler.blocks import Chain, fuse_chains
from autograd.compiler.buffers import Kind, Place
from autograd.compiler.emit.running import Running
from autograd.compiler.failures import EQUATIONS
from autograd.compiler.schedule import shorten_lifetimes
from autograd.program import Program, Variable

__all__ = ["emit_running"]


def emit_running(program: Program) -> Callable[..., Any]:
    """Return ``program`` as a compiled function of its inputs.

    Its source is in the attribute ``source``, its sets of buffers are in ``pool``.
    """
    return compiled(Running(shorten_lifetimes(fuse_chains(program)), Blocked), program.name)


def compiled(emitter: Running, name: str) -> Callable[..., Any]:
    """Return the function that an emitter writes down."""
    source = emitter.source()
    namespace = {**emitter.bound, EQUATIONS: emitter.equation_at}
    exec(compile(source, f"<autograd: compiled {name}>", "exec"), namespace)
    run: Callable[..., Any] = namespace["run"]
    run.source, run.pool = source, emitter.pool  # type: ignore[attr-defined]
    return run


class Blocked(Running):
    """Writes a chain down: a loop over blocks.

    ``run`` takes the inputs, then the arrays for those results, ``allocated``, that take the place of no input, then
    arrays of the size of a block, of the kinds ``scratch``. Arrays of the whole size are cut with ``x[block]``, which
    is a view. The memory of the inputs ``given`` is written into once they are read; ``takes_over`` says which result
    ends up in which of them.
    """

    def __init__(self, chain: Chain, given: list[Variable]) -> None:
        super().__init__(chain.program, given=given)
        self.chain = chain
        place = self.plan.place
        self.takes_over = {v: x for v in self.program.outputs for x in given if place[v] is place[x]}
        self.allocated = [v for v in self.program.outputs if v not in self.takes_over]
        cut = [v for v in self.program.inputs if v.shape == chain.shape] + self.allocated
        self.whole = {v: self.names.new(f"{self.names.of[v]}_whole") for v in cut}
        arrays = {place[v]: self.names.of[v] for v in [*given, *self.allocated]}
        self.scratch_names, self.scratch = self._share(arrays)

    def _share(self, arrays: dict[Place, str]) -> tuple[list[str], list[Kind]]:
        """Name the array of each place: one of the whole size while that is free, or else scratch."""
        used = [(name, [place]) for place, name in arrays.items()]
        names: list[str] = []
        kinds: list[Kind] = []
        for place in sorted(self.plan.buffers, key=lambda place: place.start):
            free = (s for s in used if s[1][0].kind == place.kind and not any(map(place.meets, s[1])))
            found = next(free, None)
            if found is None:
                found = (self.names.new(f"scratch_{len(names)}"), [])
                used.append(found)
                names.append(found[0])
                kinds.append(((self.chain.rows, *place.kind[0][1:]), place.kind[1]))
            found[1].append(place)
            arrays[place] = found[0]
        self.buffers = arrays
        return names, kinds

    def compiled(self) -> Callable[..., Any]:
        """Return ``run``."""
        return compiled(self, "chain")

    def source(self) -> str:
        """The whole source."""
        signature = [self.whole.get(v, self.names.of[v]) for v in [*self.program.inputs, *self.allocated]]
        start, stop = self.names.new("start"), self.names.new("stop")
        rows, length = self.chain.rows, self.chain.shape[0]
        written = [(equation, self.silenced(equation, self.lines(equation))) for equation in self.program.equations]
        lines = [f"def run({', '.join([*signature, *self.scratch_names])}):", *(f"    {c}" for c in self.conversions)]
        lines.append(f"    for {start} in range(0, {length}, {rows}):")
        lines.append(f"        {stop} = min({start} + {rows}, {length})")
        lines += [f"        {self.names.of[v]} = {whole}[{start}:{stop}]" for v, whole in self.whole.items()]
        if length % rows:
            lines += [f"        {name} = {name}[: {stop} - {start}]" for name in self.scratch_names]
        for equation, body in written:
            self.add(lines, equation, [f"        {line}" for line in body])
        return "\n".join(lines) + "\n"
