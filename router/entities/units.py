"""Units of measurement: what each is called, and what it is in the one unit of its dimension."""

from decimal import Decimal

_TABLE = """
s 1 s sec secs second seconds
s 0.001 ms msec millisecond milliseconds
s 0.000001 us microsecond microseconds
s 0.000000001 ns nanoseconds
s 60 min mins minute minutes
s 3600 h hr hrs hour hours
s 86400 d day days
s 604800 week weeks
months 1 month months
months 12 year years
m 1000 km kilometer kilometers kilometre kilometres
m 1 m meter meters metre metres
m 0.01 cm
m 0.001 mm
miles 1 mile miles
ft 1 ft feet
nm 1 nm
dbm 1 dbm
dbw 1 dbw
db 1 db
dbi 1 dbi
w 1 w watt watts
w 0.001 mw milliwatt milliwatts
w 1000 kw
va 1000 kva
v 1 v volt volts
v 1000 kv
a 1 a amp amps
hz 1 hz
hz 1000 khz
hz 1000000 mhz
hz 1000000000 ghz
hz 1000000000000 thz
pps 1 pps
pps 1000 kpps
pps 1000000 mpps
% 1 % percent pct
u 1 u ru
c 1 c celsius
f 1 f fahrenheit
bps 1000 kilobit kilobits
bps 1000000 meg megs megabit megabits
bps 1000000000 gig gigs gbit gigabit gigabits
bps 1000000000000 terabit terabits
bytes 1000 kilobyte kilobytes
bytes 1000000 megabyte megabytes
bytes 1000000000 gigabyte gigabytes
bytes 1000000000000 terabyte terabytes
"""
"""Base unit, factor, names. Years are twelve months; a month has no fixed length in days."""


def _read() -> dict[str, tuple[Decimal, str]]:
    rows = [line.split() for line in _TABLE.strip().splitlines()]
    return {name: (Decimal(factor), base) for base, factor, *names in rows for name in names}


FIXED = _read()
"""Name -> factor and base unit."""

SCALE = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
"""Prefixes of bits and bytes (IEC 80000-13)."""
