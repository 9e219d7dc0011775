"""Draws what tests/headline --plot has written: the raw signal, and what arrives upstream."""
import csv
import sys

import matplotlib

matplotlib.use('svg')
matplotlib.rcParams['svg.hashsalt'] = 'femto'
matplotlib.rcParams['svg.fonttype'] = 'none'
import matplotlib.pyplot as plt  # noqa: E402

panels = {}
with open(sys.argv[1], encoding='utf-8') as file:
    for name, *numbers in csv.reader(file):
        panels.setdefault(name, []).append([float(n) for n in numbers])

figure, (day, alarm) = plt.subplots(2, 1, figsize=(10, 7))
rows = panels['temperature']
hours = [r[0] / 3600 + 6 for r in rows]
day.fill_between(hours, [r[1] for r in rows], [r[2] for r in rows], color='0.7', linewidth=3,
                 label='raw, 10 Hz: least to largest of each minute')
day.fill_between(hours, [r[3] for r in rows], [r[4] for r in rows], color='C0', linewidth=1,
                 label='known upstream (deadband 0.1)')
day.set_title('A day of temperature: 864,000 readings and what goes up of them')
day.set_xlabel('hour')
day.set_ylabel('°C')
day.set_xlim(6, 30)
day.legend(loc='upper right')

rows = panels['power']
start = rows[0][0]
seconds = [r[0] - start for r in rows]
alarm.plot(seconds, [r[1] for r in rows], color='0.7', linewidth=3, label='raw, 10 Hz')
alarm.step(seconds, [r[3] for r in rows], where='post', color='C0', linewidth=1, label='known upstream (deadband 5)')
alarm.axhline(900, color='C3', linewidth=0.8, linestyle='--', label='alarm above 900')
alarm.set_title('Three minutes of power with a spike: the alarm goes up at once, the rest in batches')
alarm.set_xlabel('second')
alarm.set_ylabel('W')
alarm.legend(loc='upper right')
figure.tight_layout()
figure.savefig(sys.argv[2], metadata={'Date': None})
