"""Optimisers: the papers' formulas written out, PyTorch's numbers, convergence on every problem, and chains."""

import numpy as np
import pytest

from autograd import AutogradError, grad, jit, relu, sigmoid
from autograd.trees import depth_of
from nets import optimizers, schedules
from nets.data import xor
from nets.errors import OptionError
from nets.optimizers import adam, apply_updates, chain, sgd
from nets.optimizers.descent import BLOCK

GRADIENTS = [np.array([0.3 * t, -0.2 / t, 0.1 * (-1) ** t]) for t in (1, 2, 3, 4)]
START = np.array([1.0, -2.0, 0.5])


def run(optimizer, params, gradients):
    state = optimizer.init(params)
    for g in gradients:
        updates, state = optimizer.update(g, state, params)
        params = apply_updates(params, updates)
    return params


def by_hand_sgd(p, lr=0.1):
    for g in GRADIENTS:
        p = p - lr * g
    return p


def by_hand_momentum(p, lr=0.1, mu=0.9, nesterov=False):
    v = 0.0
    for g in GRADIENTS:
        v = mu * v + g
        p = p - lr * (g + mu * v if nesterov else v)
    return p


def by_hand_adagrad(p, lr=0.1):
    s = 0.0
    for g in GRADIENTS:
        s = s + g**2
        p = p - lr * g / (np.sqrt(s) + 1e-10)
    return p


def by_hand_rmsprop(p, lr=0.1, rho=0.9, mu=0.0):
    s = v = 0.0
    for g in GRADIENTS:
        s = rho * s + (1 - rho) * g**2
        v = mu * v + g / (np.sqrt(s) + 1e-8)
        p = p - lr * v
    return p


def by_hand_adam(p, lr=0.1, b1=0.9, b2=0.999, decay=0.0):
    m = v = 0.0
    for t, g in enumerate(GRADIENTS, 1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        p = p - lr * (m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + 1e-8) + decay * p)
    return p


def by_hand_lion(p, lr=0.1, b1=0.9, b2=0.99, decay=0.0):
    m = 0.0
    for g in GRADIENTS:
        p = p - lr * (np.sign(b1 * m + (1 - b1) * g) + decay * p)
        m = b2 * m + (1 - b2) * g
    return p


FORMULAS = [
    (sgd(0.1), by_hand_sgd(START)),
    (sgd(0.1, momentum=0.9), by_hand_momentum(START)),
    (sgd(0.1, momentum=0.9, nesterov=True), by_hand_momentum(START, nesterov=True)),
    (optimizers.adagrad(0.1), by_hand_adagrad(START)),
    (optimizers.rmsprop(0.1), by_hand_rmsprop(START)),
    (optimizers.rmsprop(0.1, momentum=0.5), by_hand_rmsprop(START, mu=0.5)),
    (adam(0.1), by_hand_adam(START)),
    (optimizers.adamw(0.1, weight_decay=0.05), by_hand_adam(START, decay=0.05)),
    (optimizers.lion(0.1), by_hand_lion(START)),
    (optimizers.lion(0.1, weight_decay=0.05), by_hand_lion(START, decay=0.05)),
]


# Four updates of torch.optim (2.13, float64) from START with GRADIENTS, learning rate 0.1.
TORCH = [
    (sgd(0.1), [0.7, -1.9583333333333335, 0.5]),
    (sgd(0.1, momentum=0.9), [0.44323, -1.8864533333333333, 0.51629]),
    (sgd(0.1, momentum=0.9, nesterov=True), [0.19890700000000003, -1.8561413333333334, 0.514661]),
    (optimizers.adagrad(0.1), [0.6573492340505129, -1.8057543030965137, 0.5370243487419746]),
    (optimizers.rmsprop(0.1), [-0.09975759930332811, -1.3622848598320003, 0.6083832925115666]),
    (optimizers.rmsprop(0.1, momentum=0.5), [-0.7202745057921802, -0.9257735353720684, 0.8090680646963124]),
    (adam(0.1), [0.6116406560982129, -1.6373423218277643, 0.6230530076985835]),
    (optimizers.adamw(0.1), [0.6082350921930498, -1.6299276724591407, 0.6207332473481975]),
    (chain(optimizers.weight_decay(0.05), sgd(0.1)), [0.6816457543749999, -1.9190639204166668, 0.48997524906249995]),
]

# The same four updates by optax (0.2.8, float64).
OPTAX = [
    (adam(0.1), [0.6116406560982129, -1.637342321827764, 0.6230530076985835]),
    (optimizers.adamw(0.1), [0.6082350921930497, -1.6299276724591407, 0.6207332473481976]),
    (optimizers.lion(0.1), [0.6000000000000001, -1.5999999999999996, 0.5]),
    (optimizers.lion(0.1, weight_decay=0.05), [0.583139513125, -1.56328901375, 0.4890797378125]),
    (sgd(0.1, momentum=0.9, nesterov=True), [0.198907, -1.8561413333333334, 0.514661]),
    (optimizers.rmsprop(0.1), [-0.09975759930332823, -1.3622848598320008, 0.6083832925115665]),
    (optimizers.rmsprop(0.1, momentum=0.5), [-0.7202745057921803, -0.9257735353720684, 0.8090680646963126]),
    (
        chain(optimizers.clip_by_global_norm(0.25), sgd(0.1)),
        [0.9059499697128688, -1.9797086698635176, 0.5033049826037328],
    ),
    (chain(optimizers.clip_by_value(0.15), sgd(0.1)), [0.94, -1.9633333333333336, 0.5]),
    (chain(optimizers.weight_decay(0.05), adam(0.1)), [0.6091893333969514, -1.6172038742860453, 0.5430951663856174]),
    (adam(schedules.cosine(0.1, steps=4)), [0.7556516229500495, -1.764748814115819, 0.6115264988492923]),
]


SOURCES = {"paper": FORMULAS, "torch": TORCH, "optax": OPTAX}


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [pytest.param(*row, id=f"{source}-{i}") for source, rows in SOURCES.items() for i, row in enumerate(rows)],
)
def test_four_updates_are_those_of_the_papers_of_torch_and_of_optax(optimizer, expected):
    np.testing.assert_allclose(run(optimizer, START, GRADIENTS), expected, rtol=1e-13)


def parabola(p):
    return np.sum((p["a"] - 3.0) ** 2) + 2.0 * np.sum((p["b"] + 1.0) ** 2)


def rosenbrock(p):
    return (1.0 - p["a"]) ** 2 + 100.0 * (p["b"] - p["a"] ** 2) ** 2


X, Y = xor()


def outputs(p):
    return sigmoid(relu(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])


def document_net(p):
    return np.mean((outputs(p) - Y) ** 2)


def net_params():
    rng = np.random.default_rng(1)
    return {
        "W1": rng.normal(size=(2, 4)),
        "b1": np.zeros((1, 4)),
        "W2": rng.normal(size=(4, 1)),
        "b2": np.zeros((1, 1)),
    }


# The function, where to start, how many updates, and what is 0 at the solution.
PROBLEMS = {
    "parabola": (parabola, {"a": np.zeros(2), "b": np.ones(1)}, 400, lambda p: [p["a"] - 3, p["b"] + 1]),
    "rosenbrock": (rosenbrock, {"a": np.array(-0.5), "b": np.array(1.0)}, 3000, lambda p: [p["a"] - 1, p["b"] - 1]),
    "the document's net": (document_net, net_params(), 1500, lambda p: [outputs(p) - Y]),
}
NEAR = {"parabola": 0.02, "rosenbrock": 0.1, "the document's net": 0.2}


def falling(rate, count):
    return schedules.cosine(rate, steps=count, floor=rate / 100)


#: Each optimiser with its learning rates for the parabola, Rosenbrock's valley and the net.
OPTIMIZERS = {
    "sgd": ((0.1, 0.002, 2.0), lambda rate, n: sgd(rate)),
    "momentum": ((0.02, 4e-4, 0.5), lambda rate, n: sgd(rate, momentum=0.9)),
    "nesterov": ((0.02, 4e-4, 0.5), lambda rate, n: sgd(rate, momentum=0.9, nesterov=True)),
    "adagrad": ((0.5, 0.5, 0.5), lambda rate, n: optimizers.adagrad(rate)),
    "rmsprop": ((0.03, 0.02, 0.03), lambda rate, n: optimizers.rmsprop(falling(rate, n))),
    "rmsprop, momentum": ((0.03, 5e-3, 0.01), lambda rate, n: optimizers.rmsprop(falling(rate, n), momentum=0.9)),
    "adam": ((0.05, 0.05, 0.05), lambda rate, n: adam(rate)),
    "adamw": ((0.05, 0.05, 0.05), lambda rate, n: optimizers.adamw(rate, weight_decay=1e-4)),
    "lion": ((0.02, 0.01, 0.02), lambda rate, n: optimizers.lion(falling(rate, n), b2=0.95)),
    "chain": (
        (0.05, 0.05, 0.05),
        lambda rate, n: chain(
            optimizers.clip_by_value(5.0),
            optimizers.clip_by_global_norm(3.0),
            optimizers.weight_decay(1e-6),
            optimizers.apply_if_finite(adam(falling(rate, n))),
        ),
    ),
}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_solves_every_problem(name, problem):
    loss, params, count, error = PROBLEMS[problem]
    rates, make = OPTIMIZERS[name]
    optimizer = make(rates[list(PROBLEMS).index(problem)], count)
    state = optimizer.init(params)

    @jit
    def step(params, state):
        updates, state = optimizer.update(grad(loss)(params), state, params)
        return apply_updates(params, updates), state

    assert max(np.max(np.abs(part)) for part in error(params)) > 3 * NEAR[problem]
    for _ in range(count):
        params, state = step(params, state)
    assert max(np.max(np.abs(part)) for part in error(params)) < NEAR[problem]


def test_no_optimiser_is_forgotten():
    makers = {"sgd", "adagrad", "rmsprop", "adam", "adamw", "lion"}
    parts = {"chain", "clip_by_value", "clip_by_global_norm", "weight_decay", "apply_if_finite", "freeze"}
    assert makers <= set(OPTIMIZERS)
    assert set(optimizers.__all__) - makers - parts == {"Optimizer", "apply_updates", "learning_rate_of"}


@pytest.mark.parametrize("optimizer", [pair[0] for pair in FORMULAS])
def test_update_is_pure_and_keeps_float32(optimizer):
    params = {"W": np.ones(3, np.float32), "b": [np.zeros((), np.float32)]}
    grads = {"W": np.full(3, 0.5, np.float32), "b": [np.ones((), np.float32)]}
    state = optimizer.init(params)
    first = optimizer.update(grads, state, params)
    second = optimizer.update(grads, state, params)
    assert state["count"] == 0 and first[1]["count"] == second[1]["count"] == 1
    assert np.array_equal(first[0]["W"], second[0]["W"])
    after = apply_updates(params, first[0])
    assert after["W"].dtype == after["b"][0].dtype == np.float32
    assert first[0]["W"].dtype == np.float32  # the update itself is not computed in float64


def test_a_schedule_is_followed_and_noted():
    optimizer = chain(optimizers.clip_by_value(10.0), sgd(schedules.step(1.0, every=1, factor=0.5)))
    state, noted, moved = optimizer.init(np.zeros(1)), [], []
    for _ in range(3):
        updates, state = optimizer.update(np.ones(1), state)
        noted.append(optimizers.learning_rate_of(state))
        moved.append(-updates.item())
    assert noted == moved == [1.0, 0.5, 0.25]
    assert optimizers.learning_rate_of(()) is None


def test_a_schedule_does_not_widen_float32():
    optimizer = adam(schedules.cosine(0.1, steps=10))
    updates, _ = optimizer.update(np.ones(2, np.float32), optimizer.init(np.ones(2, np.float32)))
    assert updates.dtype == np.float32


def test_gradients_match_by_key_and_a_wrong_tree_is_named():
    optimizer = adam(0.1)
    params = {"W": np.ones(2), "b": np.zeros(3)}
    updates, _ = optimizer.update({"b": np.ones(3), "W": np.ones(2)}, optimizer.init(params), params)
    assert apply_updates(params, updates)["b"].shape == (3,)
    with pytest.raises(AutogradError, match=r"params has the keys \['W'\].*\['W', 'b'\]"):
        optimizer.update({"W": np.ones(2)}, optimizer.init(params), params)


def test_clipping_by_value_and_by_norm():
    grads = {"a": np.array([3.0]), "b": np.array([4.0, -0.1])}
    by_value = optimizers.clip_by_value(1.0).update(grads, ())[0]
    assert np.array_equal(by_value["b"], [1, -0.1])
    by_norm = optimizers.clip_by_global_norm(2.5).update(grads, ())[0]
    np.testing.assert_allclose(np.sqrt(sum(np.sum(g**2) for g in by_norm.values())), 2.5)
    short = optimizers.clip_by_global_norm(100.0).update(grads, ())[0]
    assert np.array_equal(short["b"], grads["b"])
    assert np.array_equal(optimizers.clip_by_global_norm(1.0).update(np.zeros(2), ())[0], np.zeros(2))


def test_updates_that_are_not_finite_are_skipped():
    optimizer = optimizers.apply_if_finite(adam(0.1))
    params = {"W": np.ones(2)}
    state = optimizer.init(params)
    for bad in (np.nan, np.inf):
        updates, state = optimizer.update({"W": np.array([1.0, bad])}, state, params)
        assert np.array_equal(updates["W"], [0, 0])
    assert state["skipped"] == 2 and state["inner"]["count"] == 0
    updates, state = optimizer.update({"W": np.ones(2)}, state, params)
    np.testing.assert_allclose(updates["W"], -0.1)
    assert state["skipped"] == 2 and state["inner"]["count"] == 1


def test_frozen_parameters_do_not_move():
    optimizer = optimizers.freeze(optimizers.adamw(0.1), "embedding_0")
    params = {"embedding_0": {"W": np.ones(2)}, "dense_0": {"W": np.ones(2)}}
    updates, _ = optimizer.update(params, optimizer.init(params), params)
    assert np.array_equal(updates["embedding_0"]["W"], [0, 0]) and np.all(updates["dense_0"]["W"] < 0)
    with pytest.raises(OptionError, match="nothing to freeze under 'hidden'"):
        optimizers.freeze(adam(), "hidden").init(params)


def test_options_that_contradict_each_other():
    with pytest.raises(OptionError, match="needs a momentum"):
        sgd(0.1, nesterov=True)
    with pytest.raises(OptionError, match=r"update\(grads, state, params\)"):
        optimizers.adamw(0.1).update(np.ones(2), optimizers.adamw(0.1).init(np.ones(2)))
    with pytest.raises(OptionError, match="learning_rate"):
        adam(learning_rate=-0.1)


@pytest.mark.parametrize("optimizer", [pair[0] for pair in FORMULAS])
def test_large_arrays_move_as_small_ones_do(optimizer):
    rng = np.random.default_rng(0)
    shape = (3, BLOCK + 7)
    params, grads = ({"W": rng.normal(size=shape).astype(np.float32)} for _ in range(2))
    rows, gradient_rows = list(params["W"]), list(grads["W"])
    states = optimizer.init(params), optimizer.init(rows)
    for _ in range(2):
        updates, state = optimizer.update(grads, states[0], params)
        row_updates, row_state = optimizer.update(gradient_rows, states[1], rows)
        states = state, row_state
        assert updates["W"].dtype == np.float32 and np.array_equal(updates["W"], np.stack(row_updates))
    turned = {"W": np.asfortranarray(grads["W"])}  # another memory layout takes the whole array at once
    assert np.array_equal(
        optimizer.update(turned, states[0], params)[0]["W"], optimizer.update(grads, states[0], params)[0]["W"]
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: adam(b1=1.0), "b1 is a number of at least 0 and below 1, not 1.0"),
        (lambda: optimizers.adamw(b2=-0.1), "b2 is a number"),
        (lambda: adam(eps=-1), "eps is a number of at least 0, not -1"),
        (lambda: sgd(0.1, momentum=2), "momentum is a number"),
        (lambda: optimizers.rmsprop(0.1, decay=None), "decay is a number .* not None"),
        (lambda: optimizers.adagrad(0.1, eps="small"), "eps is a number"),
        (lambda: optimizers.lion(weight_decay=-1), "weight_decay is a number"),
        (lambda: optimizers.weight_decay(-1), "rate is a number"),
        (lambda: optimizers.clip_by_value(-1), "limit of a gradient is more than 0, not -1"),
        (lambda: optimizers.clip_by_global_norm(0), "limit of a gradient is more than 0, not 0"),
        (lambda: chain(adam), "not adam, which makes one"),
        (lambda: optimizers.apply_if_finite("adam"), "not 'adam'"),
        (lambda: optimizers.freeze(adam()), "needs the names"),
        (lambda: apply_updates({"a": np.ones(3)}, {"a": np.ones((3, 1))}), r"\(3,\), not \(3, 1\)"),
        (lambda: apply_updates({"a": np.ones(3, int)}, {"a": np.ones(3)}), r"int64.*astype\(float\)"),
        (lambda: adam().update(np.ones((3, 1)), adam().init(np.ones(3)), np.ones(3)), r"\(3,\), not \(3, 1\)"),
    ],
)
def test_what_no_optimiser_can_use_is_refused(make, message):
    with pytest.raises(OptionError, match=message):
        make()


@pytest.mark.parametrize("levels", [100, 700, 1500])
def test_deep_trees_are_updated_or_refused(levels):
    params = np.ones(2)
    for _ in range(levels):
        params = {"next": params}
    optimizer = adam(0.1)
    try:
        updates, _ = optimizer.update(params, optimizer.init(params), params)
        assert depth_of(apply_updates(params, updates)) == levels
    except AutogradError as error:
        assert levels > 100 and "levels deep" in str(error)


def test_freeze_takes_each_name_by_itself():
    with pytest.raises(OptionError, match="each name by itself"):
        optimizers.freeze(adam(), ["dense_0"])
