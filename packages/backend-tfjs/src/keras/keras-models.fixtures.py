"""Writes keras-models.fixtures.json: small models by Keras 3 and by tf_keras, with what they predict.

Run: pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf_keras==2.21.0 h5py==3.14.0
     python keras-models.fixtures.py

Each model is built by both where both can, saved as `.keras` and `.h5`, and asked for its prediction
of seeded inputs. Weights are multiples of 1/128, so that the files pack well.
"""

import base64, gzip, json, os, tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf
import tf_keras

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = {}  # name -> (builder, input shapes or ranges, which Keras)


def model(name, *inputs, only=None):
    """Registers a builder: it takes Keras and its input tensors, and gives outputs or a whole model."""
    return lambda build: MODELS.__setitem__(name, (build, inputs, only))


def functional(name, *inputs, only=None):
    def register(build):
        def whole(k):
            xs = [k.Input(shape[1:], name=f"x{i}", dtype=dtype) for i, (shape, dtype) in enumerate(inputs)]
            return k.Model(xs, build(k.layers, *xs), name=name)

        MODELS[name] = (whole, inputs, only)

    return register


def f(*shape):
    return (shape, "float32")


def ids(*shape):
    return (shape, "int32")


@functional("dense_activations", f(2, 4))
def _(l, x):
    names = "linear relu elu selu sigmoid tanh softplus softsign softmax swish gelu relu6".split()
    return l.Concatenate()([l.Dense(3, activation=name)(x) for name in names])


@functional("dense_activations_3", f(2, 4), only="keras")
def _(l, x):
    return l.Concatenate()([l.Dense(3, activation=name)(x) for name in "silu mish log_softmax".split()])


@functional("hard_sigmoid_2", f(2, 4), only="tf_keras")
def _(l, x):
    return l.Dense(3, activation="hard_sigmoid")(x)


@functional("dense_no_bias_3d", f(2, 3, 4))
def _(l, x):
    return l.Dense(2, use_bias=False)(x)


@model("sequential", f(2, 4))
def _(k):
    return k.Sequential([k.Input((4,)), k.layers.Dense(3, activation="relu"), k.layers.Dense(1)], name="seq")


@model("sequential_input_shape", f(2, 4), only="tf_keras")
def _(k):
    return k.Sequential([k.layers.Dense(3, input_shape=(4,)), k.layers.Dense(1)])


@model("sequential_built", f(2, 4))
def _(k):
    m = k.Sequential([k.layers.Dense(3, activation="tanh"), k.layers.Dense(2)])
    m.build((None, 4))
    return m


@model("sequential_first_is_model", f(2, 4))
def _(k):
    return k.Sequential([k.Sequential([k.Input((4,)), k.layers.Dense(3)], name="first"), k.layers.Dense(2)])


@functional("conv1d_valid", f(2, 7, 3))
def _(l, x):
    return l.Conv1D(4, 3, activation="relu")(x)


@functional("conv1d_same_strides", f(2, 8, 3))
def _(l, x):
    return l.Concatenate(axis=1)(
        [l.Conv1D(2, 3, padding="same", strides=3)(x), l.Conv1D(2, 2, padding="same", dilation_rate=2)(x)]
    )


@functional("conv2d_valid", f(2, 6, 5, 2))
def _(l, x):
    return l.Conv2D(3, (3, 2), activation="relu")(x)


@functional("conv2d_same_strides", f(1, 6, 7, 2))
def _(l, x):
    return l.Conv2D(3, 3, strides=2, padding="same", use_bias=False)(x)


@functional("conv2d_dilated", f(1, 7, 7, 2))
def _(l, x):
    return l.Conv2D(2, 3, dilation_rate=(2, 1), padding="same")(x)


@functional("conv3d", f(1, 4, 5, 4, 2))
def _(l, x):
    return l.Conv3D(2, 2, strides=2, padding="same", activation="tanh")(x)


@functional("conv2d_transpose_same", f(1, 3, 4, 2))
def _(l, x):
    return l.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu")(x)


@functional("conv2d_transpose_valid", f(1, 3, 4, 2))
def _(l, x):
    return l.Conv2DTranspose(2, (2, 3), strides=(1, 2))(x)


@functional("conv2d_transpose_gap", f(1, 3, 3, 2))
def _(l, x):
    return l.Conv2DTranspose(2, 2, strides=3)(x)


@functional("conv3d_transpose", f(1, 2, 3, 2, 2))
def _(l, x):
    return l.Conv3DTranspose(2, 2, strides=2)(x)


@functional("depthwise_conv2d", f(1, 6, 5, 2))
def _(l, x):
    return l.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same", activation="relu")(x)


@functional("separable_conv2d", f(1, 6, 5, 2))
def _(l, x):
    return l.SeparableConv2D(3, 3, depth_multiplier=2, activation="relu")(x)


@functional("pooling_1d", f(2, 7, 2))
def _(l, x):
    return l.Concatenate(axis=1)(
        [
            l.MaxPooling1D(2)(x),
            l.AveragePooling1D(3, strides=2, padding="same")(x),
            l.MaxPooling1D(3, strides=1, padding="same")(x),
        ]
    )


@functional("pooling_2d", f(1, 7, 6, 2))
def _(l, x):
    return [
        l.MaxPooling2D()(x),
        l.AveragePooling2D((3, 2), strides=2, padding="same")(x),
        l.MaxPooling2D(3, strides=2, padding="same")(x),
        l.AveragePooling2D(2)(x),
    ]


@functional("pooling_3d", f(1, 4, 5, 4, 1))
def _(l, x):
    return [l.MaxPooling3D(2)(x), l.AveragePooling3D(2, padding="same")(x)]


@functional("global_pooling_1d", f(2, 4, 3))
def _(l, x):
    return [l.GlobalAveragePooling1D()(x), l.GlobalMaxPooling1D()(x)]


@functional("global_pooling_2d", f(2, 3, 4, 2))
def _(l, x):
    return [l.GlobalAveragePooling2D()(x), l.GlobalMaxPooling2D()(x)]


@functional("shapes", f(2, 3, 4))
def _(l, x):
    y = l.Reshape((4, 3))(l.Permute((2, 1))(x))
    return [l.Concatenate()([l.Flatten()(y), l.Flatten()(l.RepeatVector(2)(l.Flatten()(x)))]), l.Reshape((-1, 2))(x)]


@functional("image_margins", f(1, 5, 4, 2))
def _(l, x):
    y = l.ZeroPadding2D(((1, 0), (2, 1)))(x)
    return [l.Cropping2D(((1, 1), (0, 2)))(y), l.UpSampling2D((2, 3))(x), l.ZeroPadding2D(1)(x)]


@functional("batch_normalization", f(3, 4))
def _(l, x):
    return l.BatchNormalization()(x)


@functional("batch_normalization_plain", f(1, 3, 3, 2))
def _(l, x):
    return l.BatchNormalization(scale=False, center=False, epsilon=0.01)(x)


@functional("batch_normalization_axis", f(2, 3, 4))
def _(l, x):
    return l.BatchNormalization(axis=2)(x)


@functional("layer_normalization", f(2, 3, 4))
def _(l, x):
    return [l.LayerNormalization()(x), l.LayerNormalization(axis=[1, 2], epsilon=0.01)(x), l.LayerNormalization(scale=False)(x)]


@functional("activation_layers", f(2, 3, 4))
def _(l, x):
    return l.Concatenate()(
        [
            l.Activation("tanh")(x),
            l.ReLU()(x),
            l.ReLU(max_value=0.5)(x),
            l.LeakyReLU(0.2)(x),
            l.ELU()(x),
            l.PReLU()(x),
            l.PReLU(shared_axes=[1])(x),
            l.Softmax()(x),
        ]
    )


@functional("thresholded_relu", f(2, 4), only="tf_keras")
def _(l, x):
    return l.ThresholdedReLU(0.3)(x)


@functional("merges", f(2, 4), f(2, 4), f(2, 4))
def _(l, x, y, z):
    return l.Concatenate()(
        [l.Add()([x, y, z]), l.Multiply()([x, y]), l.Average()([x, y, z]), l.Maximum()([x, y]), l.Minimum()([x, y, z])]
    )


@functional("concatenate_axis", f(2, 3, 2), f(2, 1, 2))
def _(l, x, y):
    return l.Concatenate(axis=1)([x, y])


@functional("dot", f(2, 4), f(2, 4))
def _(l, x, y):
    return [l.Dot(axes=1)([x, y]), l.Dot(axes=1, normalize=True)([x, y])]


@functional("operators", f(2, 4), f(2, 4), only="keras")
def _(l, x, y):
    return l.Dense(2)(l.Dense(4)(x) + y)


@functional("embedding", ids(2, 5))
def _(l, x):
    return l.Embedding(9, 3)(x)


@functional("embedding_masked_lstm", ids(3, 5))
def _(l, x):
    return l.LSTM(3)(l.Embedding(9, 3, mask_zero=True)(x))


@functional("masking_gru", f(2, 4, 2))
def _(l, x):
    return l.GRU(3, return_sequences=True)(l.Masking(-1.0)(x))


@functional("lstm", f(2, 4, 3))
def _(l, x):
    return l.LSTM(2)(l.LSTM(3, return_sequences=True, activation="relu")(x))


@functional("lstm_no_bias_backwards", f(2, 4, 3))
def _(l, x):
    return l.LSTM(2, use_bias=False, go_backwards=True, return_sequences=True)(x)


@functional("lstm_encoder_decoder", f(2, 3, 2), f(2, 4, 2))
def _(l, x, y):
    _, h, c = l.LSTM(3, return_state=True)(x)
    return l.Dense(2)(l.LSTM(3, return_sequences=True)(y, initial_state=[h, c]))


@functional("gru", f(2, 4, 3))
def _(l, x):
    return l.GRU(3)(x)


@functional("gru_reset_before", f(2, 4, 3))
def _(l, x):
    return l.GRU(3, reset_after=False, return_sequences=True)(x)


@functional("gru_no_bias_state", f(2, 4, 3))
def _(l, x):
    return l.GRU(2, use_bias=False, return_state=True, recurrent_activation="tanh")(x)


@functional("simple_rnn", f(2, 4, 3))
def _(l, x):
    return l.SimpleRNN(2, activation="relu")(l.SimpleRNN(3, return_sequences=True)(x))


@functional("bidirectional_lstm", f(2, 4, 3))
def _(l, x):
    return l.Bidirectional(l.LSTM(2))(x)


@functional("bidirectional_gru", f(2, 4, 3))
def _(l, x):
    return l.Bidirectional(l.GRU(2, return_sequences=True), merge_mode="sum")(x)


@functional("bidirectional_rnn", f(2, 4, 3))
def _(l, x):
    return l.Bidirectional(l.SimpleRNN(2, return_sequences=True), merge_mode="ave")(x)


@functional("bidirectional_apart", f(2, 4, 3))
def _(l, x):
    back = l.LSTM(2, go_backwards=True, name="back")
    return l.Bidirectional(l.LSTM(2, name="forth"), backward_layer=back, merge_mode="mul")(x)


@functional("time_distributed", f(2, 3, 4))
def _(l, x):
    return l.TimeDistributed(l.Dense(2, activation="relu"))(x)


@functional("time_distributed_conv2d", f(1, 2, 4, 4, 1))
def _(l, x):
    return l.TimeDistributed(l.Conv2D(2, 3))(x)


@functional("rnn_cells", f(2, 4, 3))
def _(l, x):
    return l.RNN([l.LSTMCell(2), l.GRUCell(3), l.LSTMCell(2), l.SimpleRNNCell(2)])(x)


@functional("rnn_cell", f(2, 4, 3))
def _(l, x):
    return l.RNN(l.GRUCell(2, reset_after=False), return_sequences=True)(x)


@functional("conv_lstm2d", f(1, 3, 4, 4, 1))
def _(l, x):
    return l.ConvLSTM2D(2, 3, padding="same", return_sequences=True, recurrent_activation="sigmoid")(x)


@functional("training_only", f(2, 4, 2))
def _(l, x):
    y = l.SpatialDropout1D(0.5)(l.GaussianNoise(1.0)(l.Dropout(0.5)(x)))
    return l.Dense(2)(l.AlphaDropout(0.5)(l.GaussianDropout(0.5)(l.ActivityRegularization(0.1)(y))))


@functional("rescaling", f(2, 3))
def _(l, x):
    return l.Dense(2)(l.Rescaling(0.5, offset=-1.0)(x))


@functional("shared_layer", f(2, 4), f(2, 4))
def _(l, x, y):
    dense = l.Dense(4, activation="tanh")
    # Its first call takes from its second.
    late = dense(x)
    return l.Concatenate()([dense(l.Multiply()([late, y])), dense(y), late])


@functional("two_in_two_out", f(2, 3), f(2, 2))
def _(l, x, y):
    z = l.Concatenate()([l.Dense(3)(x), y])
    return [l.Dense(1, name="price")(z), l.Dense(2, activation="softmax", name="kind")(z)]


@model("nested_models", f(2, 4), f(2, 4))
def _(k):
    l = k.layers
    leaf = k.Sequential([k.Input((3,)), l.Dense(3, name="same"), l.BatchNormalization()], name="leaf")
    x = k.Input((4,))
    branch = k.Model(x, leaf(l.Dense(3, name="same", activation="tanh")(x)), name="branch")
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    head = k.Sequential([k.Input((6,)), l.Dense(2, name="same")], name="head")
    return k.Model([a, b], head(l.Concatenate()([branch(a), branch(b)])))


@model("nested_frozen", f(2, 4))
def _(k):
    l = k.layers
    base = k.Sequential([k.Input((4,)), l.Dense(3), l.BatchNormalization(), l.Dense(3), l.Dense(2)], name="base")
    base.layers[0].trainable = False
    x = k.Input((4,))
    return k.Model(x, l.Dense(2)(base(x)))


@model("nested_many_outputs", f(2, 4))
def _(k):
    x = k.Input((4,))
    two = k.Model(x, [k.layers.Dense(2)(x), k.layers.Dense(3)(x)], name="two")
    y = k.Input((4,), name="y")
    a, b = two(y)
    return k.Model(y, [k.layers.Dense(1)(b), a])


@functional("residual_block", f(1, 6, 6, 2))
def _(l, x):
    y = l.Conv2D(4, 3, padding="same", use_bias=False)(x)
    y = l.ReLU()(l.BatchNormalization()(y))
    y = l.Add()([y, l.Conv2D(4, 1)(x)])
    return l.Dense(3, activation="softmax")(l.GlobalAveragePooling2D()(y))


@model("odd_names", f(2, 3), only="keras")
def _(k):
    x = k.Input((3,), name="constructor")
    y = k.layers.Dense(2, name="my dense (1)")(x)
    return k.Model(x, k.layers.Dense(2, name="toString")(y), name="odd")


@model("mixed_precision", f(2, 3))
def _(k):
    policy = "mixed_float16"
    x = k.Input((3,))
    return k.Model(x, k.layers.Dense(2, dtype="float32")(k.layers.Dense(4, dtype=policy)(x)))


@model("price", f(2, 3), ids(2, 1))
def _(k):
    l = k.layers
    numeric, brand = k.Input((3,), name="numeric"), k.Input((1,), name="brand", dtype="int32")
    x = l.Concatenate()([l.BatchNormalization()(numeric), l.Flatten()(l.Embedding(5, 2)(brand))])
    x = l.Dropout(0.1)(l.Dense(8, activation="relu")(x))
    return k.Model([numeric, brand], l.Dense(1, name="ln_price")(x))


def refused(k):
    """Models of Keras 3 that TensorFlow.js cannot do, or does otherwise, by what the error says of them."""
    l = k.layers

    def one(shape, build, dtype="float32"):
        x = k.Input(shape, dtype=dtype)
        return k.Model(x, build(x))

    @k.saving.register_keras_serializable(package="mine")
    class Dense(l.Dense):
        pass

    return {
        "Lambda": one((3,), lambda x: l.Lambda(lambda y: y * 2)(x)),
        '"mine>Dense"': one((3,), Dense(2)),
        "layer MultiHeadAttention": one((3, 2), lambda x: l.MultiHeadAttention(1, 2)(x, x)),
        "layer Subtract": one((3,), lambda x: l.Subtract()([x, l.Dense(3)(x)])),
        "operation Subtract": one((3,), lambda x: x - l.Dense(3)(x)),
        "hard_sigmoid": one((3,), l.Dense(2, activation="hard_sigmoid")),
        'padding="causal"': one((4, 2), l.Conv1D(2, 2, padding="causal")),
        "groups=2": one((4, 4, 2), l.Conv2D(2, 2, groups=2)),
        "dilation_rate=": one((6, 6, 2), l.DepthwiseConv2D(2, dilation_rate=2)),
        "output_padding=": one((4, 4, 2), l.Conv2DTranspose(2, 3, strides=2, output_padding=1)),
        'interpolation="bilinear"': one((4, 4, 2), l.UpSampling2D(2, interpolation="bilinear")),
        "keepdims=true": one((4, 2), l.GlobalMaxPooling1D(keepdims=True)),
        "negative_slope=0.1": one((3,), l.ReLU(negative_slope=0.1)),
        "alpha=0.5": one((3,), l.ELU(alpha=0.5)),
        "A mask in": one((4,), lambda x: l.GlobalAveragePooling1D()(l.Embedding(5, 2, mask_zero=True)(x))),
        'argument "training"': one((3,), lambda x: l.Dropout(0.5)(x, training=True)),
        '"rms_scaling"': one((3,), l.LayerNormalization(rms_scaling=True)),
        "axis=1": one((3, 2), l.Softmax(axis=1)),
        "zero_output_for_mask": one((4,), lambda x: l.Bidirectional(l.LSTM(2, return_sequences=True))(l.Embedding(5, 2, mask_zero=True)(x))),
        "axis=1 of": one((3, 2), l.BatchNormalization(axis=1)),
        "stateful=true": k.Model((x := k.Input(batch_shape=(1, 4, 2))), l.LSTM(2, stateful=True)(x)),
    }


def randomize(weights, rng):
    for w in weights:
        value = rng.integers(-64, 65, size=w.shape) / 128
        name = getattr(w, "path", w.name)
        if "variance" in name:
            value = np.abs(value) + 0.5
        if "seed_generator" not in name:
            w.assign(value.astype("float32"))


def values(rng, shape, dtype):
    if dtype == "int32":
        return rng.integers(0, 5, size=shape).astype("int32")
    x = (rng.integers(-128, 129, size=shape) / 64).astype("float32")
    if shape == (2, 4, 2):
        x[0, 2:] = -1.0  # What the models with a mask leave out.
    return x


def pack(model, extension):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model" + extension)
        model.save(path)
        with open(path, "rb") as file:
            return base64.b64encode(gzip.compress(file.read(), 9, mtime=0)).decode()


def tensor(array):
    array = np.asarray(array)
    digits = [float(np.format_float_positional(v, unique=True)) if array.dtype.kind == "f" else int(v) for v in array.ravel()]
    return {"shape": list(array.shape), "data": digits}


def main():
    cases, kerases = [], {"keras": keras, "tf_keras": tf_keras}
    for name, (build, inputs, only) in MODELS.items():
        for writer, k in kerases.items():
            if only not in (None, writer):
                continue
            k.backend.clear_session()
            rng = np.random.default_rng(sum(map(ord, name)))
            m = build(k)
            xs = [values(rng, shape, dtype) for shape, dtype in inputs]
            given = xs if len(xs) > 1 else xs[0]
            m(given)  # A sequential model may not have its weights before.
            randomize(m.weights, rng)
            outputs = m(given, training=False)
            outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
            if (name, writer) == ("price", "keras"):
                m.save(os.path.join(HERE, "..", "testing", "price.keras"))  # The README's example.
            # tf_keras cannot save two weights of one name within one nested model as `.h5`.
            extensions = [".keras"] if (name, writer) == ("nested_models", "tf_keras") else [".keras", ".h5"]
            cases.append(
                {
                    "name": name,
                    "writer": writer,
                    "inputs": [tensor(x) for x in xs],
                    "outputs": [tensor(np.asarray(y, dtype="float32")) for y in outputs],
                    "files": {extension: pack(m, extension) for extension in extensions},
                }
            )
    keras.backend.clear_session()
    refusals = {says: pack(m, ".keras") for says, m in refused(keras).items()}
    versions = {"keras": keras.__version__, "tf_keras": tf_keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
    path = os.path.join(HERE, "keras-models.fixtures.json")
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        head = json.dumps({"versions": versions, "refused": refusals}, separators=(",", ":"))[:-1]
        file.write(f'{head},"cases":[\n{lines}\n]}}\n')
    print(len(MODELS), "models,", len(cases), "cases,", os.path.getsize(path), "bytes")


main()
