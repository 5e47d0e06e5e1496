"""What is around the cars: sky, ground with its markings, buildings, walls, trees, signs, people."""
import cv2
import numpy as np

from . import textures
from .canvas import Canvas, blend

# Metres that the ground's texture covers.
TILE = 16.
# Where the ground is too far for its texture to be more than its mean.
FAR = 34.


def draw(rng, camera, light, clear=6., paved=False, boards=0):
    """A frame with nothing but the surroundings, RGB uint8; up to `clear` metres ahead nothing stands in a car's way.
    `boards` is how many more signs stand about, near ones too."""
    frame = np.zeros((camera.height, camera.width, 3), np.uint8)
    _ground(rng, frame, camera, light, paved)
    _sky(rng, frame, camera, light)
    canvas = Canvas(frame)
    _markings(rng, canvas, camera, light)
    far = rng.uniform(35, 90) + clear
    if rng.random() < .8:
        _upright(canvas, camera, textures.woods(rng), -1.6 * far, 1.6 * far, far, rng.uniform(.08, .28) * far, light, haze=.35)
    plan = rng.choice(['street', 'yard', 'wall', 'park', 'shops', 'open'], p=[.2, .2, .2, .15, .15, .1])
    if plan in ('street', 'yard', 'shops'):
        _buildings(rng, canvas, camera, light, plan, clear)
    if plan in ('wall', 'yard', 'shops') and rng.random() < .8:
        _walls(rng, canvas, camera, light, clear)
    for z in sorted(clear + rng.uniform(1, 34, int(rng.integers(3, 10)) if plan in ('park', 'yard') else int(rng.integers(0, 4))))[::-1]:
        tall = rng.uniform(3, 9)
        x = rng.uniform(-1, 1) * z
        _upright(canvas, camera, textures.tree(rng), x - tall * .42, x + tall * .42, z, tall, light, haze=z / 140)
    _things(rng, canvas, camera, light, clear)
    for z in sorted(2.5 + clear * rng.random(boards))[::-1]:
        _board(rng, canvas, camera, light, rng.uniform(-.6, .6) * z, z)
    return frame


def _ground(rng, frame, camera, light, paved):
    texture = (textures.snow(rng) if light.snow and rng.random() < .8 else textures.ground(rng) if paved or rng.random() < .82 else textures.soil(rng))
    n = texture.shape[0]
    turn, shift = rng.uniform(0, 2 * np.pi), rng.uniform(0, TILE, 2)
    c, s = np.cos(turn), np.sin(turn)
    metres = np.array([[c, -s, shift[0]], [s, c, shift[1]], [0, 0, 1]]) @ np.linalg.inv(camera.ground())
    to_texture = np.diag([n / TILE, n / TILE, 1]) @ metres
    left, right = camera.horizon()
    top = int(np.clip(min(left, right), 0, camera.height - 1))
    place = to_texture @ np.array([[1, 0, .5], [0, 1, top + .5], [0, 0, 1]])
    part = cv2.warpPerspective(texture.image, place, (camera.width, camera.height - top), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_WRAP)
    mean = texture.mean
    # Depth of each row at the picture's middle.
    rows = np.arange(top, camera.height) + .5
    ray = np.linalg.inv(camera.ground()) @ np.stack([np.full(len(rows), camera.width / 2), rows, np.ones(len(rows))])
    depth = np.where(ray[2] * ray[1] > 0, ray[1] / ray[2], FAR)
    keep = np.clip(1 - depth / FAR, 0, 1).astype(np.float32) ** .7
    level = float(light.ambient + light.direct * light.sun[1]) * .95
    mask = np.repeat((keep * 255).astype(np.uint8)[:, None], camera.width, 1)
    flat = np.empty_like(part)
    flat[:] = np.clip(mean, 0, 255)
    blend(flat, part, mask)
    frame[top:] = cv2.convertScaleAbs(flat, alpha=level)


def _sky(rng, frame, camera, light):
    left, right = camera.horizon()
    low = int(np.ceil(np.clip(max(left, right), 0, camera.height)))
    if low < 2:
        return
    share = np.linspace(0, 1, low, dtype=np.float32)[:, None, None]
    colours = light.sky * (1 - share) + light.horizon * share
    part = np.repeat(np.clip(colours, 0, 255).astype(np.uint8), camera.width, 1)
    if rng.random() < .7:
        cloud = cv2.resize(textures.sky(rng).image, (camera.width, low), interpolation=cv2.INTER_LINEAR)
        white = np.empty_like(part)
        white[:] = np.clip(light.horizon * rng.uniform(.8, 1.1), 0, 255)
        blend(part, white, cloud[..., 0], rng.uniform(.2, .9))
    mask = np.zeros((low, camera.width), np.uint8)
    cv2.fillPoly(mask, [np.array([[0, 0], [camera.width, 0], [camera.width, right], [0, left]]).astype(np.int32)], 255)
    blend(frame[:low], part, mask)


def _upright(canvas, camera, texture, x0, x1, z, tall, light, foot=0., z1=None, haze=0., gain=None):
    """Stands a texture on the ground from (x0, z) to (x1, z1)."""
    z1 = z if z1 is None else z1
    points, depth = camera.project([[x0, foot + tall, z], [x1, foot + tall, z1], [x1, foot, z1], [x0, foot, z]])
    if depth.min() < .5:
        return
    normal = np.array([z1 - z, 0, -(x1 - x0)])
    gain = gain or float(np.clip(light.level_of(normal / np.linalg.norm(normal)), .25, 1.2))
    canvas.paste(texture, points, gain=gain, alpha=1 - haze)


def _buildings(rng, canvas, camera, light, plan, clear):
    z = clear + rng.uniform(2, 30)
    if plan == 'street' and rng.random() < .6:
        # A street that leads away: both sides.
        for side in (-1, 1):
            x, start = side * rng.uniform(5, 14), rng.uniform(4, 12)
            rise = int(rng.integers(1, 3))
            texture = textures.facade(rng).tiled(3, rise)
            z0, z1 = (start, start + 34)[::-side]
            _upright(canvas, camera, texture, x, x, z0, 10 * rise, light, z1=z1)
        return
    x = -1.5 * z
    lean = rng.normal(0, .25)
    while x < 1.5 * z:
        rise = int(rng.integers(1, 4))
        times = int(rng.integers(1, 4))
        wide = 11. * times
        near, far = np.clip([z + lean * x, z + lean * (x + wide)], clear, 120)
        if plan == 'shops':
            _upright(canvas, camera, textures.shop(rng), x, x + wide, near, rng.uniform(3.6, 5.5), light, z1=far)
            if rise > 1:
                _upright(canvas, camera, textures.facade(rng).tiled(times), x, x + wide, near, 9, light, foot=4.5, z1=far)
        else:
            _upright(canvas, camera, textures.facade(rng).tiled(times, rise), x, x + wide, near, 10 * rise, light, z1=far)
        x += wide + rng.choice([0, rng.uniform(0, 12)])


def _walls(rng, canvas, camera, light, clear):
    z, lean = clear + rng.uniform(.5, 9), rng.normal(0, .12)
    tall = rng.uniform(1.2, 3.2)
    texture = textures.wall(rng)
    x = -1.4 * z
    while x < 1.4 * z:
        near, far = np.clip([z + lean * x, z + lean * (x + 9)], clear, 80)
        _upright(canvas, camera, texture, x, x + 9, near, tall, light, z1=far)
        x += 9


def _markings(rng, canvas, camera, light):
    """Kerbs, lines of lanes and bays, snow banks: polygons on the ground."""
    turn = rng.normal(0, .35) if rng.random() < .7 else rng.uniform(-1.5, 1.5)
    c, s = np.cos(turn), np.sin(turn)
    level = float(light.ambient + light.direct * light.sun[1])

    def band(x0, x1, z0, z1, colour, rise=0.):
        flat = np.array([[x0, z0], [x1, z0], [x1, z1], [x0, z1]])
        points = np.stack([flat[:, 0] * c + flat[:, 1] * s, np.full(4, rise), flat[:, 1] * c - flat[:, 0] * s + 4], 1)
        px, depth = camera.project(points)
        if depth.min() > .4:
            canvas.fill(px, tuple(float(v) for v in np.clip(np.asarray(colour) * level, 0, 255)))
    white = (rng.uniform(165, 235),) * 3
    kind = rng.choice(['none', 'lane', 'bays', 'kerb', 'zebra'], p=[.3, .22, .2, .2, .08])
    if light.snow and rng.random() < .6:
        kind = 'none'
    if kind == 'lane':
        for x in (rng.uniform(-4, -1.5), rng.uniform(1.5, 4)):
            for z in np.arange(-2, 40, 4):
                band(x, x + .13, z, z + (2.4 if rng.random() < .9 else 4), white)
    elif kind == 'bays':
        for x in np.arange(-15, 15, 2.6) + rng.uniform(0, 2):
            band(x, x + .11, 0, 5, white)
        band(-15, 15, 5, 5.12, white)
    elif kind == 'zebra':
        for x in np.arange(-8, 8, 1.):
            band(x, x + .5, -1, 3, white)
    if kind == 'kerb' or rng.random() < .3:
        z = rng.uniform(1, 8)
        band(-30, 30, z + .14, z + rng.uniform(1.5, 12), rng.uniform(90, 170, 3) if rng.random() < .4 else (rng.uniform(110, 170),) * 3, .1)
        band(-30, 30, z, z + .15, (185, 183, 178), .12)


def _things(rng, canvas, camera, light, clear):
    """Signs, posts, people, lamps: one after the other, the farthest first."""
    for z in sorted(clear + rng.uniform(0, 22, int(rng.integers(1, 9))))[::-1]:
        x, kind = rng.uniform(-.8, .8) * z, rng.random()
        if kind < .3:
            _board(rng, canvas, camera, light, x, z)
        elif kind < .4:
            number = textures.house_number(rng)
            _upright(canvas, camera, number, x, x + .3 * number.shape[1] / number.shape[0], z, .3, light, foot=rng.uniform(1.2, 3))
        elif kind < .6:
            tall = rng.uniform(1.55, 1.9)
            _upright(canvas, camera, textures.person(rng), x - tall * .2, x + tall * .2, z, tall, light)
        elif kind < .8:
            _post(canvas, camera, x, z, rng.uniform(2.5, 8), muted(rng, 40, 190), rng.uniform(.06, .22))
        else:
            _bin(rng, canvas, camera, x, z, light)


def _board(rng, canvas, camera, light, x, z):
    """A sign on posts, or hung up."""
    board = textures.house_number(rng) if rng.random() < .15 else textures.board(rng)
    wide, foot, posts = rng.uniform(.3, .2 + .2 * z), rng.uniform(.2, 3.), rng.random() < .6
    for post in (.1, .9) if posts else ():
        _post(canvas, camera, x + wide * post, z, foot, (90, 92, 95), .05)
    _upright(canvas, camera, board, x, x + wide, z, wide * board.shape[0] / board.shape[1], light, foot=foot, z1=z * rng.uniform(.85, 1.15))


def muted(rng, low, high):
    """A colour such as things outdoors have: mostly grayish."""
    return np.clip(rng.uniform(low, high) + rng.normal(0, 12 if rng.random() < .75 else 50, 3), 0, 255)


def _post(canvas, camera, x, z, tall, colour, thick):
    points, depth = camera.project([[x, 0, z], [x, tall, z]])
    if depth.min() > .5:
        canvas.line(points, tuple(float(v) for v in colour), max(.8, thick * camera.focal / z))


def _bin(rng, canvas, camera, x, z, light):
    """A box on the ground: a container, a kiosk, a switch cabinet, sometimes with words on it."""
    wide, tall = rng.uniform(.5, 3), rng.uniform(.6, 2.6)
    colour = muted(rng, 30, 220)
    texture = np.empty((80, 120, 3), np.uint8)
    texture[:] = colour
    for k in range(int(rng.integers(0, 8))):
        cv2.line(texture, (0, k * 12), (120, k * 12), tuple(colour * .8), 2)
    _upright(canvas, camera, texture, x, x + wide, z, tall, light)
    if rng.random() < .5:
        board = textures.board(rng)
        _upright(canvas, camera, board, x + wide * .15, x + wide * .85, z, wide * .7 * board.shape[0] / board.shape[1], light, foot=tall * .4)
