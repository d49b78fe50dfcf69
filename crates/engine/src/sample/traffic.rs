//! The order of a deployment's calls: ordinary ones in the rhythm of the office, and planted ones
//! among them.
//!
//! In: how many calls, and what is planted how often. Out: the calls of a day in order of time.
//! Holds no more than a day at once. Not here: what is in a call.

use crate::sample::calendar::{DAYS, per_day, spread, time_of};
use crate::sample::chance::Chance;

/// The calls of a deployment; `P` says what is planted.
pub(crate) struct Traffic<P> {
    ordinary: Vec<u64>,
    planted: Vec<Vec<(P, Option<i64>)>>,
    chance: Chance,
}

impl<P: Copy> Traffic<P> {
    /// `calls` calls, of which each of `plants` stands for as many as it says, spread over the
    /// working days.
    pub(crate) fn new(stream: &str, calls: u64, plants: &[(P, u64)]) -> Self {
        let mut traffic = Self {
            ordinary: Vec::new(),
            planted: vec![Vec::new(); DAYS],
            chance: Chance::of(stream),
        };
        let mut planted = 0;
        for (plant, count) in plants {
            planted += count;
            for day in spread(*count) {
                traffic.planted[day].push((*plant, None));
            }
        }
        traffic.ordinary = per_day(calls.saturating_sub(planted));
        traffic
    }

    /// Moves `count` ordinary calls into the time from `from_ms` on, `within_ms` long, as `plant`.
    pub(crate) fn crowd(
        &mut self,
        plant: P,
        count: u64,
        day: usize,
        (from_ms, within_ms): (i64, u64),
    ) {
        // They come out of the busiest days' ordinary calls, one a day in turn.
        let mut left = count;
        while left > 0 {
            for calls in self.ordinary.iter_mut().filter(|calls| **calls > 20) {
                if left > 0 {
                    *calls -= 1;
                    left -= 1;
                }
            }
        }
        for _ in 0..count {
            let at = from_ms + self.chance.below(within_ms) as i64;
            self.planted[day].push((plant, Some(at)));
        }
    }

    /// How many calls a day has.
    pub(crate) fn calls_on(&self, day: usize) -> u64 {
        self.ordinary[day] + self.planted[day].len() as u64
    }

    /// The calls of a day in order of time: when, and what is planted.
    pub(crate) fn day(&mut self, day: usize) -> Vec<(i64, Option<P>)> {
        let mut calls = Vec::with_capacity(self.calls_on(day) as usize);
        for (plant, at) in std::mem::take(&mut self.planted[day]) {
            let at = at.unwrap_or_else(|| time_of(day, &mut self.chance));
            calls.push((at, Some(plant)));
        }
        for _ in 0..self.ordinary[day] {
            calls.push((time_of(day, &mut self.chance), None));
        }
        calls.sort_by_key(|(at, _)| *at);
        calls
    }
}
