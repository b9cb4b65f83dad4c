"""Decision models (DMN 1.2 to 1.5) on our FEEL: read, checked and evaluated within limits.

``load`` reads a model with everything that can be known of it; what is wrong stands in ``Model.problems``,
and a decision that rests on it is refused instead of being evaluated in part. ``Model.evaluate`` gives the
value of a decision, ``Model.explain`` also which rules fired. Where the standard lets a mistake become null,
we fail and name the cell: nobody should ever sign what a slip of the pen decided.

The way of a file, module by module: ``reader`` and ``sources`` turn XML into elements, ``type_reading`` into
``types``, ``requirements`` into what needs what; ``boxed``, with ``calling``, ``repeating`` and
``table_reading`` (which asks ``output_reading`` and ``rule_reading``), turns the logic at a ``site`` into
code; ``graph`` puts it together; ``tables`` and ``hit_policies`` answer; ``coverage`` looks for gaps.
"""

from engine.dmn.errors import DecisionFailedError, ModelRefusedError
from engine.dmn.model import Decision, Model, load, load_all
from engine.dmn.problems import Problem
from engine.dmn.spots import Spot
from engine.dmn.trace import Explanation, Hit, TableTrace

__all__ = [
    "Decision",
    "DecisionFailedError",
    "Explanation",
    "Hit",
    "Model",
    "ModelRefusedError",
    "Problem",
    "Spot",
    "TableTrace",
    "load",
    "load_all",
]
