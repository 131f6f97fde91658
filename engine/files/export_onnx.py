"""A session's network as an ONNX model, from unscaled features to outputs."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from engine.errors import SessionError
from engine.extras import EXTRAS
from engine.files.atomic import Where, replacing
from engine.files.script import Facts, columns_of
from engine.files.session import Session
from engine.functions import traced
from engine.functions.activations import SELU, Activation
from engine.functions.traced import Quantity, Traced

OPSET = 17
IR_VERSION = 8


class _Graph:
    """Nodes and constants as they come, named after their layer."""

    def __init__(self, helper: Any, numpy_helper: Any, dtype: str) -> None:
        self._helper, self._numpy_helper = helper, numpy_helper
        self.dtype = self.network = np.dtype(dtype)
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.place = ""

    def kind_of(self, dtype: str) -> int:
        """ONNX's number for a type."""
        kind: int = self._helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return kind

    def constant(self, name: str, value: Any) -> str:
        """A constant tensor, once."""
        if name not in self.constants:
            array = np.asarray(value, self.dtype)
            self.constants[name] = self._numpy_helper.from_array(array, name)
        return name

    def wide(self, value: str, *steps: tuple[str, str, Any], out: str = "") -> str:
        """Arithmetic with constants (operation, name, array) in double precision, as the engine prepares."""
        if self.network != np.float64:
            value = self.add("Cast", value, to=self.kind_of("float64"))
        self.dtype = np.dtype(np.float64)
        for number, (operation, name, array) in enumerate(steps, 1):
            last = out if number == len(steps) and self.network == self.dtype else ""
            value = self.add(operation, value, self.constant(f"{self.place}.{name}", array), out=last)
        self.dtype = self.network
        if self.network != np.float64:
            value = self.add("Cast", value, to=self.kind_of(self.network.name), out=out)
        return value

    def add(self, operation: str, *inputs: str | float, out: str = "", **attributes: Any) -> str:
        """A node of the layer that is being built; its output."""
        operands = [x if isinstance(x, str) else self.constant(f"{x!r}", x) for x in inputs]
        count = sum(node.name.startswith(f"{self.place}.{operation}") for node in self.nodes)
        name = f"{self.place}.{operation}{f'_{count + 1}' if count else ''}"
        result = out or f"{name}.out"
        self.nodes.append(self._helper.make_node(operation, operands, [result], name=name, **attributes))
        return result


def _elu(g: _Graph, z: str, alpha: float, scale: float, out: str) -> str:
    below = g.add("Mul", g.add("Sub", g.add("Exp", g.add("Min", z, 0.0)), 1.0), alpha * scale)
    return g.add("Add", g.add("Mul", g.add("Relu", z), scale), below, out=out)


def _softplus(g: _Graph, z: str, out: str = "") -> str:
    fading = g.add("Exp", g.add("Neg", g.add("Abs", z)))
    return g.add("Add", g.add("Relu", z), g.add("Log", g.add("Add", fading, 1.0)), out=out)


def _gelu(g: _Graph, z: str, out: str) -> str:
    # onnxruntime has Erf for single precision alone
    single = g.add("Cast", g.add("Mul", z, 0.5**0.5), to=g.kind_of("float32"))
    erf = g.add("Cast", g.add("Erf", single), to=g.kind_of(g.dtype.name))
    return g.add("Mul", z, g.add("Mul", g.add("Add", erf, 1.0), 0.5), out=out)


def _activation(g: _Graph, rule: Any, z: str, out: str) -> None:
    """Add the nodes of an activation; those that onnxruntime lacks in double precision, piece by piece."""
    match rule.name:
        case "linear":
            g.add("Identity", z, out=out)
        case "sigmoid":
            g.add("Sigmoid", z, out=out)
        case "tanh":
            g.add("Tanh", z, out=out)
        case "relu":
            g.add("Relu", z, out=out)
        case "leaky_relu":
            g.add("LeakyRelu", z, out=out, alpha=rule.slope_below)
        case "elu":
            _elu(g, z, rule.alpha, 1.0, out)
        case "selu":
            _elu(g, z, SELU.alpha, SELU.scale, out)
        case "softplus":
            _softplus(g, z, out)
        case "softsign":
            g.add("Div", z, g.add("Add", g.add("Abs", z), 1.0), out=out)
        case "silu":
            g.add("Mul", z, g.add("Sigmoid", z), out=out)
        case "gelu":
            _gelu(g, z, out)
        case "mish":
            g.add("Mul", z, g.add("Tanh", _softplus(g, z)), out=out)
        case "hard_sigmoid":
            line = g.add("Add", g.add("Div", z, 6.0), 0.5)
            g.add("Min", g.add("Max", line, 0.0), 1.0, out=out)
        case "softmax":
            g.add("Softmax", z, out=out, axis=-1)
        case _:
            result = rule.f(Traced(None, (), z))
            g.add("Identity", _traced(g, rule, result), out=out)


# What ONNX calls the operations of formulas
OPERATIONS = {
    traced.ADD: "Add",
    traced.SUBTRACT: "Sub",
    traced.MULTIPLY: "Mul",
    traced.DIVIDE: "Div",
    traced.RECIPROCAL: "Reciprocal",
    traced.NEGATE: "Neg",
    traced.ABSOLUTE: "Abs",
    traced.GREATER: "Greater",
    traced.LESS: "Less",
    traced.CHOOSE: "Where",
    traced.EXP: "Exp",
    traced.LOG: "Log",
    traced.SQRT: "Sqrt",
    traced.TANH: "Tanh",
    traced.SIGN: "Sign",
    traced.MAXIMUM: "Max",
    traced.MINIMUM: "Min",
}


def _traced(g: _Graph, rule: Activation, node: Quantity) -> str | float:
    """Add the nodes of a formula; what it is called, or the number that it is."""
    if not isinstance(node, Traced):
        return float(node)
    if node.operation is None:
        return node.name
    operands = [_traced(g, rule, operand) for operand in node.operands]
    if node.operation is traced.SQUARE:
        return g.add("Mul", operands[0], operands[0])
    if node.operation not in OPERATIONS:
        raise SessionError("not_exportable", what=rule.name, format="ONNX", instead="NumPy")
    return g.add(OPERATIONS[node.operation], *operands)


def _told(facts: Facts) -> dict[str, str]:
    """What whoever uses the model has to know beside its numbers."""
    data = facts.session.dataset
    told: dict[str, Any] = {
        "kind": data.kind,
        "features": data.feature_names,
        "outputs": data.target_names,
        "columns": columns_of(data),
    }
    if data.class_names:
        told["classes"] = data.class_names
    if data.kind == "binary":
        told["threshold"] = facts.experiment.loss.threshold
    return {name: what if isinstance(what, str) else json.dumps(what) for name, what in told.items()}


def _inputs(facts: Facts) -> str:
    """What the inputs are, for who looks at the model in a viewer."""
    text = "Features as in the data, unscaled, NaN where one is missing."
    if facts.encodes:
        text += " Categories and dates are encoded: the metadata's columns say how."
    return text


def export_onnx(session: Session, path: Where) -> None:
    """Write the network as an ONNX model, without dropout, as it predicts.

    Its input ``inputs`` (rows, d) are features as the data set has them, in its order, NaN where one is
    missing: filling in and scaling are part of the model. Its outputs ``outputs`` (rows, k) equal ours
    to 1e-6, in single precision to its rounding; where targets are scaled, they are in the target's own
    unit. Layers are called layer1, layer2, … and their tensors layer1.weights (units below, units),
    layer1.biases, layer1.z and layer1.a.

    Its metadata are lists of names as JSON: ``features``, ``outputs`` and, of classes, ``classes`` (two
    where there is one output, which is that of the second); ``kind``; and ``columns``, how cells become
    features: each column's name and "number", "days" (since 1970) or "date parts" (year, month, weekday),
    or the levels of a category, of which each is a feature of its own, 1 or 0.

    Parameters
    ----------
    session : Session
    path : path

    Raises
    ------
    SessionError
        ``needs_package`` without the package onnx; ``cannot_write``.
    """
    try:
        import onnx
        from onnx import helper, numpy_helper
    except ImportError:
        raise SessionError("needs_package", **EXTRAS["onnx"].details) from None
    facts = Facts(session)
    e = session.experiment
    g = _Graph(helper, numpy_helper, e.dtype)
    kind = g.kind_of(e.dtype)
    g.place = "missing"
    fill = g.constant("missing.fill", facts.prepared.fill)
    value = g.add("Where", g.add("IsNaN", "inputs"), fill, "inputs")
    if e.scaling != "none":
        g.place = "scaling"
        offset, scale = facts.prepared.offset, facts.prepared.scale
        value = g.wide(value, ("Sub", "offset", offset), ("Div", "scale", scale))
    for number, (layer, w, b) in enumerate(zip(e.layers, facts.weights, facts.biases, strict=True), 1):
        g.place = f"layer{number}"
        weights, biases = g.constant(f"{g.place}.weights", w), g.constant(f"{g.place}.biases", b)
        z = g.add("Gemm", value, weights, biases, out=f"{g.place}.z")
        last = number == len(e.layers) and not facts.prepared.scales_targets
        value = "outputs" if last else f"{g.place}.a"
        _activation(g, layer.activation, z, value)
    if facts.prepared.scales_targets:
        g.place = "target_scaling"
        offset, scale = facts.prepared.target_offset, facts.prepared.target_scale
        g.wide(value, ("Mul", "scale", scale), ("Add", "offset", offset), out="outputs")
    graph = helper.make_graph(
        g.nodes,
        "network",
        [helper.make_tensor_value_info("inputs", kind, ["rows", facts.sizes[0]], _inputs(facts))],
        [helper.make_tensor_value_info("outputs", kind, ["rows", facts.sizes[-1]])],
        [*g.constants.values()],
        doc_string=facts.headline,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="Backprop Lab"
    )
    model.ir_version = IR_VERSION
    helper.set_model_props(model, _told(facts))
    onnx.checker.check_model(model)
    with replacing(path) as file:
        file.write(model.SerializeToString())
