"""What the three trainings share: one thread, bfloat16, a schedule by the clock, a running mean of the weights, checkpoints."""
import copy
import math
import os
import time

import torch


class Run:
    """A training that lasts `minutes`; taken up again from its checkpoint where there is one."""

    def __init__(self, net, folder, name, minutes, peak):
        torch.set_num_threads(1)
        self.net = net.to(memory_format=torch.channels_last)
        self.mean = copy.deepcopy(net).eval()
        self.path = os.path.join(folder, f'{name}.pt')
        self.seconds, self.peak, self.spent, self.steps = minutes * 60, peak, 0., 0
        decay = [p for p in net.parameters() if p.ndim > 1]
        plain = [p for p in net.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW([{'params': decay, 'weight_decay': .02}, {'params': plain, 'weight_decay': 0.}], lr=peak)
        if os.path.exists(self.path):
            state = torch.load(self.path, weights_only=True)
            net.load_state_dict(state['net'])
            self.mean.load_state_dict(state['mean'])
            self.optimizer.load_state_dict(state['optimizer'])
            self.steps = state['steps']
            self.spent = state['spent'] if state['seconds'] == self.seconds else 0.
        self.last, self.saved = time.monotonic(), time.monotonic()

    def going(self):
        """Whether there is time left; counts it, and sets the rate: a short rise, then a cosine to almost nothing."""
        now = time.monotonic()
        # A machine that slept must not end the training.
        self.spent += min(now - self.last, 30.)
        self.last = now
        part = min(1., self.spent / self.seconds)
        rise = min(1., (self.steps + 1) / 300)
        for group in self.optimizer.param_groups:
            group['lr'] = self.peak * rise * (.5 * (1 + math.cos(math.pi * part)) * .995 + .005)
        if now - self.saved > 120:
            self.save()
        return part < 1

    def step(self, loss):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.)
        self.optimizer.step()
        self.steps += 1
        keep = min(.998, 1 - 1 / (self.steps + 10))
        with torch.no_grad():
            for mean, now in zip(self.mean.state_dict().values(), self.net.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.lerp_(now, 1 - keep)
                else:
                    mean.copy_(now)

    def save(self):
        torch.save({'net': self.net.state_dict(), 'mean': self.mean.state_dict(), 'optimizer': self.optimizer.state_dict(), 'steps': self.steps,
                    'spent': self.spent, 'seconds': self.seconds}, self.path + '.new')
        os.replace(self.path + '.new', self.path)
        self.saved = time.monotonic()


def autocast():
    return torch.autocast('cpu', dtype=torch.bfloat16)
