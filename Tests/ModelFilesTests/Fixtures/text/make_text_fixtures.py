"""Makes the fixtures of text encoders with PyTorch and transformers 4.57: small random models,
their inputs, what they must yield and what one SGD step must make of them.

    python make_text_fixtures.py      # torch, transformers, safetensors, h5py

All numbers are computed in float64 and stored as float32.
"""
import json
import os

import h5py
import numpy as np
import torch
import transformers as t
from safetensors.torch import save_file

OUT = os.path.dirname(os.path.abspath(__file__))
VOCAB, WIDTH, HEADS, LAYERS, INNER, PLACES, COUNT, LENGTH = 100, 32, 4, 2, 64, 64, 12, 16
CLASSES = 3
PAD = {"bert": 0, "distilbert": 0, "gpt2": 0, "roberta": 1, "xlnet": 5}
HOW = {
    "bert": ["pooler", "mean", "cls", "max"],
    "distilbert": ["cls", "mean"],
    "gpt2": ["last", "mean"],
    "roberta": ["cls", "mean"],
    "xlnet": ["last", "mean"],
}
LAST = {
    "bert": f"encoder.layer.{LAYERS - 1}.",
    "roberta": f"encoder.layer.{LAYERS - 1}.",
    "distilbert": f"transformer.layer.{LAYERS - 1}.",
    "gpt2": f"h.{LAYERS - 1}.",
    "xlnet": f"layer.{LAYERS - 1}.",
}


def inputs(kind):
    """Ids, mask, types, labels; texts of 3 to 16 tokens, padded on the right, or for XLNet on the
    left, as its tokenizer does."""
    rng = np.random.default_rng(7)
    lengths = np.array([16, 3, 9, 12, 5, 16, 7, 4, 10, 14, 6, 8])
    ids = np.full((COUNT, LENGTH), PAD[kind], np.int32)
    mask = np.zeros((COUNT, LENGTH), np.int32)
    types = np.zeros((COUNT, LENGTH), np.int32)
    for row, n in enumerate(lengths):
        place = slice(LENGTH - n, LENGTH) if kind == "xlnet" else slice(0, n)
        ids[row, place] = rng.integers(10, VOCAB, n)
        mask[row, place] = 1
        halves = np.array([0] * (n // 2) + [1] * (n - n // 2))
        if kind == "xlnet":
            halves[-1] = 2  # <cls>, which comes last
            types[row] = 3  # padding
        if kind in ("bert", "xlnet"):
            types[row, place] = halves
    return ids, mask, types, rng.integers(0, CLASSES, COUNT).astype(np.int64)


def configuration(kind):
    sizes = dict(vocab_size=VOCAB)
    if kind == "distilbert":
        return t.DistilBertConfig(
            dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER,
            max_position_embeddings=PLACES, **sizes)
    if kind == "gpt2":
        return t.GPT2Config(
            n_positions=PLACES, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_inner=INNER,
            pad_token_id=0, **sizes)
    if kind == "xlnet":
        return t.XLNetConfig(d_model=WIDTH, n_layer=LAYERS, n_head=HEADS, d_inner=INNER, **sizes)
    sizes.update(
        hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=INNER)
    if kind == "bert":
        return t.BertConfig(
            max_position_embeddings=PLACES, type_vocab_size=2, hidden_act="gelu", **sizes)
    return t.RobertaConfig(
        max_position_embeddings=PLACES + 2, type_vocab_size=1, pad_token_id=1,
        layer_norm_eps=1e-5, **sizes)


def make_model(kind):
    torch.manual_seed(11)
    classes = dict(
        bert=t.BertModel, distilbert=t.DistilBertModel, gpt2=t.GPT2Model, roberta=t.RobertaModel,
        xlnet=t.XLNetModel)
    config = configuration(kind)
    config._attn_implementation = "eager"
    model = classes[kind](config)
    g = torch.Generator().manual_seed(5)
    with torch.no_grad():  # Nothing is 0 or 1 any more, so that every mistake shows.
        for name, p in model.named_parameters():
            scale = name.lower().endswith(("layernorm.weight", "layer_norm.weight"))
            if scale or ".ln_" in name and name.endswith("weight") or name == "ln_f.weight":
                p.copy_(1 + 0.2 * torch.randn(p.shape, generator=g))
            elif name.endswith("bias") or "_bias" in name:
                p.copy_(0.1 * torch.randn(p.shape, generator=g))
            else:
                p.copy_(0.25 * torch.randn(p.shape, generator=g))
    return model.eval()


def run(model, kind, ids, mask, types):
    arguments = dict(
        input_ids=torch.tensor(ids).long(), attention_mask=torch.tensor(mask).long(),
        output_hidden_states=True)
    if kind in ("bert", "xlnet"):
        arguments["token_type_ids"] = torch.tensor(types).long()
    return model(**arguments)


def pooled(how, out, mask):
    h = out.last_hidden_state
    m = torch.tensor(mask).to(h.dtype)[..., None]
    if how == "mean":
        return (h * m).sum(1) / m.sum(1)
    if how == "cls":
        return h[:, 0]
    if how == "max":
        return h.masked_fill(m == 0, -float("inf")).amax(1)
    if how == "last":  # The last token that is no padding.
        last = (torch.tensor(mask) * torch.arange(1, LENGTH + 1)).argmax(1)
        return h[torch.arange(len(h)), last]
    return out.pooler_output


def single(value):
    return value.detach().numpy().astype("f4")


def steps(kind, how, path, ids, mask, types, labels):
    """One step of SGD on the mean cross-entropy of a linear head on the pooled values, without
    dropout: frozen = the head; last = the head and the last block; full = everything."""
    with h5py.File(f"{path}/sgd_{how}.h5", "w", libver=("v110", "v110")) as f:
        f.attrs["rate"] = 0.05
        for case in ["frozen", "last", "full"]:
            model = make_model(kind).double()
            head = torch.nn.Linear(WIDTH, CLASSES).double()
            g = torch.Generator().manual_seed(9)
            with torch.no_grad():
                head.weight.copy_(0.3 * torch.randn(CLASSES, WIDTH, generator=g))
                head.bias.copy_(torch.tensor([0.1, -0.2, 0.05]))
            if case == "frozen":
                f["head/weight"], f["head/bias"] = single(head.weight), single(head.bias)
            for name, p in model.named_parameters():
                is_last = name.startswith((LAST[kind], "pooler.", "ln_f."))
                p.requires_grad_(case == "full" or case == "last" and is_last)
            parameters = [p for p in model.parameters() if p.requires_grad]
            optimizer = torch.optim.SGD(parameters + list(head.parameters()), lr=0.05)

            def loss_of():
                logits = head(pooled(how, run(model, kind, ids, mask, types), mask))
                return torch.nn.functional.cross_entropy(logits, torch.tensor(labels)), logits

            loss, logits = loss_of()
            loss.backward()
            if case == "frozen":
                f["logits"] = single(logits)
            f[f"{case}/loss_before"] = float(loss.detach())
            optimizer.step()
            with torch.no_grad():
                f[f"{case}/loss_after"] = float(loss_of()[0])
            f[f"{case}/head/weight"] = single(head.weight)
            f[f"{case}/head/bias"] = single(head.bias)
            if how != HOW[kind][0] or (kind, case) == ("roberta", "full"):
                continue
            for name, p in model.named_parameters():
                if p.grad is not None:
                    f[f"{case}/parameters/{name}"] = single(p)


def main():
    for kind in PAD:
        path = os.path.join(OUT, kind)
        os.makedirs(path, exist_ok=True)
        ids, mask, types, labels = inputs(kind)
        with h5py.File(f"{path}/tokens.h5", "w", track_order=True) as f:
            f["input_ids"], f["attention_mask"], f["labels"] = ids, mask, labels
            if kind in ("bert", "xlnet"):
                f["token_type_ids"] = types
        model = make_model(kind)
        model.config.architectures = [type(model).__name__]
        with open(f"{path}/config.json", "w") as f:
            json.dump(json.loads(model.config.to_json_string()), f, indent=1, sort_keys=True)
        state = {k: v.detach().clone().contiguous() for k, v in model.state_dict().items()}
        save_file(state, f"{path}/model.safetensors", metadata={"format": "pt"})
        if kind == "bert":
            with h5py.File(f"{path}/state_dict.h5", "w") as f:
                for name, value in state.items():
                    f[name] = value.numpy()
        with torch.no_grad():
            out = run(make_model(kind).double(), kind, ids, mask, types)
        with h5py.File(f"{path}/expected.h5", "w", track_order=True) as f:
            f["last_hidden_state"] = single(out.last_hidden_state)
            for i, h in enumerate(out.hidden_states):
                f[f"hidden_states/{i}"] = single(h)[:2]
            for how in HOW[kind]:
                f[f"pooled/{how}"] = single(pooled(how, out, mask))
        for how in HOW[kind]:
            steps(kind, how, path, ids, mask, types, labels)


if __name__ == "__main__":
    main()
