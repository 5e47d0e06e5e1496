"""ONNX Runtime on one thread, for `cargo xtask bench --only sight`: reads a line `MODEL SHAPE…`, runs the model once at that
shape, and answers with the seconds that the run took."""
import os
import sys
import time

import numpy as np
import onnxruntime as ort

options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
sessions, inputs = {}, {}

print('ready', flush=True)
for line in sys.stdin:
    name, *shape = line.split()
    shape = tuple(map(int, shape))
    if name not in sessions:
        sessions[name] = ort.InferenceSession(os.path.join(sys.argv[1], name + '.onnx'), options, providers=['CPUExecutionProvider'])
    session = sessions[name]
    feed = inputs.setdefault((name, shape), {session.get_inputs()[0].name: np.full(shape, .4, np.float32)})
    begun = time.perf_counter()
    session.run(None, feed)
    print(time.perf_counter() - begun, flush=True)
