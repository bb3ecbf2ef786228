"""The cases of techniques.h5: what each of its trainings changes of the plain one.

The network and what all cases have in common are described in make_technique_fixtures.py.

Cases:
    plain, plain_sgd           no technique
    discriminative_rates       early 1e-5, middle 1e-4, head 1e-3: groups of torch's optimizer
    layerwise_decay            head 2e-3, and half as much with every layer further down
    l2sp, l2sp_sgd             the loss has 0.1/2 |w - w0|^2 for the convolution kernels, w0 their
                               initial values, and 0.01/2 |w|^2 for the head's kernel
    label_smoothing            0.1: torch's `label_smoothing`
    clipping, clipping_sgd     torch's `clip_grad_norm_` with norm 4.75, over all trained parameters
    weight_decay               AdamW, 0.01 on the kernels
    frozen_normalization       conv1, conv2, head trained; normalizations in inference mode
    inference_statistics       all trained; normalizations in inference mode
    moving_statistics          conv2, head trained; both normalizations in batch mode, not trained
    head_then_all              five steps of the head; five of everything (LP-FT)
    gradual_unfreezing         four steps of the head; three with conv2 and bn2; three of everything
    normalization_below        bn1 alone trained, below frozen layers
    normalizations_only        bn1, bn2 (gamma, beta; batch mode) and head trained
    biases_only                the betas of bn1, bn2 (inference mode) and head trained (BitFit)
    surgical_middle            conv2, bn2 and head trained
    low_rank                   head and LoRA of rank 2 and alpha 5 on both convolutions trained:
                               conv(x, kernel) + 5/2 conv1x1(conv3x3(x, lora_down), lora_up), as
                               in the library peft; lora_up starts at zero, lora_down as in
                               `adapters`
    residual_adapters          bn1, bn2 (gamma, beta; batch mode), the head and residual adapters
                               trained: conv(x, kernel) + conv1x1(x, adapter) for both convolutions,
                               where `adapter`, [1, 1, in, out], starts at zero
    gradient_rates             conv1, conv2 and head trained, normalizations in inference mode; the
                               rate of each layer is multiplied by the mean of its ratios over the
                               steps since step 0 or 5, divided by the largest of such means: a
                               ratio is the norm of the layer's gradient divided by that of its
                               values (Auto-RGN)
    weight_average             all trained, normalizations in inference mode: the mean of the values
                               after steps 8, 9 and 10, as of torch's `AveragedModel` (SWA)
    trained_share              the same, but half the sum of the values before and after (WiSE-FT)
    combined                   the rates of discriminative_rates, smoothing 0.1, norm 4, AdamW with
                               0.1 on the kernels, and a penalty as in l2sp with 1/2 and 0.1/2
"""

from collections import namedtuple

STEPS = 10
NORMALIZATIONS = {"bn1", "bn2"}
LAYERS = ["conv1", "bn1", "conv2", "bn2", "head"]

DISCRIMINATIVE = {"conv1": 1e-5, "bn1": 1e-5, "conv2": 1e-4, "bn2": 1e-4, "head": 1e-3}
LAYERWISE = {layer: 2e-3 * 0.5**depth for depth, layer in enumerate(reversed(LAYERS))}
UNIFORM = dict.fromkeys(LAYERS, 1e-3)
SGD = dict.fromkeys(LAYERS, 0.02)

# `batch_mode` None stands for the normalizations that are trained. `roles` are those that are
# trained below the head; None stands for all.
Phase = namedtuple("Phase", "steps trained batch_mode roles", defaults=(None, None))
EVERYTHING = (Phase(STEPS, set(LAYERS)),)
WITHOUT_STATISTICS = (Phase(STEPS, set(LAYERS), set()),)
RANK = 2
FACTORS = {"lora_down", "lora_up"}
PARALLEL = {"adapter", "gamma", "beta"}
Case = namedtuple(
    "Case",
    "phases optimizer rates decay clipping smoothing penalty alpha averaged share parallel epoch",
    defaults=(EVERYTHING, "adam", UNIFORM, 0, None, 0, None, None, 1, 1, False, None))

L2SP = (0.1, 0.01)
CASES = {
    "plain": Case(),
    "plain_sgd": Case(optimizer="sgd", rates=SGD),
    "discriminative_rates": Case(rates=DISCRIMINATIVE),
    "layerwise_decay": Case(rates=LAYERWISE),
    "l2sp": Case(penalty=L2SP),
    "l2sp_sgd": Case(optimizer="sgd", rates=SGD, penalty=L2SP),
    "label_smoothing": Case(smoothing=0.1),
    "clipping": Case(clipping=4.75),
    "clipping_sgd": Case(optimizer="sgd", rates=SGD, clipping=4.75),
    "weight_decay": Case(decay=0.01),
    "frozen_normalization": Case((Phase(10, {"conv1", "conv2", "head"}),)),
    "inference_statistics": Case((Phase(10, set(LAYERS), set()),)),
    "moving_statistics": Case((Phase(10, {"conv2", "head"}, NORMALIZATIONS),)),
    "head_then_all": Case((Phase(5, {"head"}), Phase(5, set(LAYERS)))),
    "gradual_unfreezing": Case(
        (Phase(4, {"head"}), Phase(3, {"conv2", "bn2", "head"}), Phase(3, set(LAYERS)))),
    "normalization_below": Case((Phase(10, {"bn1"}),)),
    "normalizations_only": Case((Phase(10, {"bn1", "bn2", "head"}),)),
    "biases_only": Case((Phase(10, {"bn1", "bn2", "head"}, set(), {"beta"}),)),
    "surgical_middle": Case((Phase(10, {"conv2", "bn2", "head"}),)),
    "low_rank": Case((Phase(10, {"conv1", "conv2", "head"}, set(), FACTORS),), alpha=5),
    "residual_adapters": Case((Phase(10, set(LAYERS), None, PARALLEL),), parallel=True),
    "gradient_rates": Case((Phase(10, {"conv1", "conv2", "head"}),), epoch=5),
    "weight_average": Case(WITHOUT_STATISTICS, averaged=3),
    "trained_share": Case(WITHOUT_STATISTICS, share=0.5),
    "combined": Case(
        rates=DISCRIMINATIVE, decay=0.1, clipping=4, smoothing=0.1, penalty=(1, 0.1)),
}
