"""Words of streets and cars: signs, dealers, telephones, badges. None is meant to be anybody's."""
import functools
import os

import glyphs

SIGNS = ('ПРОДУКТЫ', 'АПТЕКА', 'ШИНОМОНТАЖ', 'АВТОМОЙКА', 'АВТОЗАПЧАСТИ', 'КАФЕ', 'ЦВЕТЫ', 'БАНК', 'ХЛЕБ', 'РЕМОНТ', 'ОПТИКА', 'МЕБЕЛЬ', 'ДВЕРИ', 'ОКНА', 'СТОП', 'ПАРКОВКА',
         'ВХОД', 'ВЫЕЗД', 'ВЪЕЗД', 'ОХРАНА', 'СТОМАТОЛОГИЯ', 'САЛОН КРАСОТЫ', 'ДЕТСКИЙ МИР', '24 ЧАСА', 'КРУГЛОСУТОЧНО', 'АРЕНДА', 'ПРОДАЖА', 'РАСПРОДАЖА', 'СКИДКИ', 'НЕ ПАРКОВАТЬ',
         'AUTO', 'HOTEL', 'PHARMACY', 'MARKET', 'PIZZA', 'OPEN', 'SALE', 'SERVICE', 'CAFE BAR', 'RENT', 'SHOP', 'PARKING', 'POTRAVINY', 'LEKAREN', 'AUTOSERVIS', 'PNEUSERVIS', 'FARMACIA')
DEALERS = ('АВТОСАЛОН', 'МОТОРС', 'АВТОЦЕНТР', 'ТЕХЦЕНТР', 'AUTO', 'MOTORS', 'CENTER', 'TRADE', 'DRIVE', 'АВТОМИР', 'ПЛЮС', 'ЮГ', 'СЕВЕР', 'ДИЛЕР')
BADGES = ('GLX', 'TDI', '1.6', '2.0', '4x4', 'AWD', 'TURBO', 'DIESEL', 'SPORT', 'LUX', 'XT', 'GT', 'V6', 'HYBRID', 'QUANT', 'LIMITED', 'CLASSIC', 'SDI', '1.8i', 'VERTA', 'ORIO', 'MEGA', 'KALTA')
SIDES = 'ABCDEFGHIJKLMNOPRSTUVWXYZ'


@functools.lru_cache(1)
def _fonts():
    """Those that have Cyrillic letters."""
    return [p for p in glyphs.fonts() if os.path.basename(p).startswith(('Liberation', 'DejaVu', 'FreeSans'))] or glyphs.fonts()


def font(rng):
    return _fonts()[rng.integers(len(_fonts()))]


def phone(rng):
    a, b, c, d = rng.integers(100, 999), rng.integers(100, 999), rng.integers(10, 99), rng.integers(10, 99)
    return str(rng.choice([f'8({a}){b}-{c}-{d}', f'+7 {a} {b} {c} {d}', f'{b}-{c}-{d}', f'тел. {b}-{c}-{d}', f'{a} {b} {c}{d}']))


def invented(rng, low=3, high=9):
    return ''.join(SIDES[rng.integers(len(SIDES))] for _ in range(int(rng.integers(low, high))))


def sign(rng):
    roll = rng.random()
    if roll < .2:
        return phone(rng)
    if roll < .32:
        return invented(rng)
    return SIGNS[rng.integers(len(SIGNS))]


def dealer(rng):
    roll = rng.random()
    if roll < .25:
        return phone(rng)
    if roll < .5:
        return 'www.' + invented(rng).lower() + '.ru'
    text = f'{DEALERS[rng.integers(len(DEALERS))]} {invented(rng) if rng.random() < .6 else DEALERS[rng.integers(len(DEALERS))]}'
    return text if rng.random() < .7 else text + ' ' + phone(rng)


def badge(rng):
    return BADGES[rng.integers(len(BADGES))] if rng.random() < .6 else invented(rng, 3, 8)
