//! Published examples, and redraws from populations whose rate is known.

use assay_domain::leak_bounds::{ReadStratum, clopper_pearson, leak_share, recapture};
use assay_domain::statistics::wilson;

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 0.000_06, "{found} is not {wanted}");
}

#[test]
fn clopper_pearson_is_that_of_the_published_examples() {
    // Newcombe (1998), table I, method 5.
    for (hits, of, low, high) in [
        (81.0, 263.0, 0.2527, 0.3676),
        (15.0, 148.0, 0.0578, 0.1617),
        (0.0, 20.0, 0.0, 0.1684),
        (1.0, 29.0, 0.0009, 0.1776),
    ] {
        let found = clopper_pearson(hits, of);
        near(found.0, low);
        near(found.1, high);
    }
    assert_eq!(clopper_pearson(20.0, 20.0).1, 1.0);
}

#[test]
fn no_leak_at_all_leaves_open_what_the_rule_of_three_says() {
    let one = |population, read| ReadStratum {
        population,
        read,
        leaks: 0,
        unsure: 0,
    };
    let found = leak_share(&[one(1_000_000, 100)]).unwrap();
    near(found.high, 1.0 - 0.025_f64.powf(0.01));
    assert_eq!((found.estimate, found.low), (0.0, 0.0));
    // A stratum of which little was read may hold all that leaks.
    let found = leak_share(&[one(900_000, 10), one(100_000, 90)]).unwrap();
    assert!(
        found.high > 0.9 * (1.0 - 0.025_f64.powf(0.1)) - 1e-9,
        "{found:?}"
    );
    // What was read whole is known.
    let found = leak_share(&[one(40, 40)]).unwrap();
    assert_eq!((found.low, found.high), (0.0, 0.0));
    assert_eq!(leak_share(&[one(40, 0)]), None);
}

#[test]
fn unsure_counts_as_a_leak_above_and_unread_strata_as_leaking_whole() {
    let read = ReadStratum {
        population: 900,
        read: 90,
        leaks: 1,
        unsure: 2,
    };
    let unread = ReadStratum {
        population: 100,
        read: 0,
        leaks: 0,
        unsure: 0,
    };
    let sure = ReadStratum { unsure: 0, ..read };
    let (found, surely) = (
        leak_share(&[read, unread]).unwrap(),
        leak_share(&[sure, unread]).unwrap(),
    );
    near(found.estimate, 1.0 / 90.0);
    near(found.estimate_with_unsure, 3.0 / 90.0);
    near(found.low, surely.low);
    assert!(found.high > surely.high);
    assert_eq!(found.not_covered, 100);
    near(found.high_of_all, found.high * 0.9 + 0.1);
}

#[test]
fn chapman_is_that_of_the_published_example() {
    // Wikipedia, "Mark and recapture": 10 turtles, then 15 of which 5 were marked.
    let found = recapture(10, 15, 5).unwrap();
    near(found.total, 28.333_333);
    assert_eq!(
        (found.found, found.total_low, found.total_high),
        (20, 21.0, 65.0)
    );
    assert_eq!(recapture(1, 1, 2), None);
    assert_eq!(recapture(0, 0, 0), None);
    let same = recapture(40, 40, 40).unwrap();
    assert_eq!((same.missed, same.missed_low), (0.0, 0.0));
    let apart = recapture(3, 4, 0).unwrap();
    assert!(apart.missed_high > 19.0, "{apart:?}");
}

/// Numbers that are the same in every run (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How many of `read` drawn without replacement are among the `hits` of `population`.
    fn hits(&mut self, population: u64, hits: u64, read: u64) -> u64 {
        let (mut left, mut wanted, mut found) = (population, hits, 0);
        for _ in 0..read {
            if self.next() * (left as f64) < wanted as f64 {
                found += 1;
                wanted -= 1;
            }
            left -= 1;
        }
        found
    }
}

/// Redraws of each population.
const REDRAWS: u64 = 500;

#[test]
fn the_true_rate_lies_in_the_interval_in_at_least_93_of_100_redraws() {
    let populations: [&[(u64, f64)]; 9] = [
        &[(100_000, 0.0017)],
        &[(100_000, 0.02)],
        &[(9_000, 0.001), (900, 0.001), (100, 0.01)],
        &[(9_000, 0.01), (900, 0.01), (100, 0.01)],
        &[(9_000, 0.0), (900, 0.0), (100, 0.5)],
        &[(9_000, 0.03), (900, 0.0), (100, 0.0)],
        &[(9_000, 0.002), (900, 0.1), (100, 0.9)],
        &[
            (50_000, 0.004),
            (2_000, 0.08),
            (300, 0.2),
            (40, 0.5),
            (5, 1.0),
        ],
        &[(600, 0.3), (500, 0.1), (400, 0.02)],
    ];
    let mut draw = Draw(11);
    for population in populations {
        let all: u64 = population.iter().map(|(size, _)| size).sum();
        let leaking: Vec<u64> = population
            .iter()
            .map(|(size, rate)| (*size as f64 * rate).round() as u64)
            .collect();
        let truth = leaking.iter().sum::<u64>() as f64 / all as f64;
        for size in [60_u64, 200, 400] {
            let proportional: Vec<u64> = population
                .iter()
                .map(|(of, _)| (size * of / all).max(1).min(*of))
                .collect();
            let equal: Vec<u64> = population
                .iter()
                .map(|(of, _)| (size / population.len() as u64).min(*of))
                .collect();
            for reads in [proportional, equal] {
                let held = (0..REDRAWS)
                    .filter(|_| {
                        let strata: Vec<ReadStratum> = population
                            .iter()
                            .zip(&leaking)
                            .zip(&reads)
                            .map(|(((of, _), leaking), read)| ReadStratum {
                                population: *of,
                                read: *read,
                                leaks: draw.hits(*of, *leaking, *read),
                                unsure: 0,
                            })
                            .collect();
                        let found = leak_share(&strata).unwrap();
                        found.low <= truth + 1e-12 && truth <= found.high + 1e-12
                    })
                    .count() as u64;
                assert!(
                    held * 100 >= REDRAWS * 93,
                    "{held} of {REDRAWS}: {population:?}, {reads:?} read"
                );
            }
        }
    }
}

#[test]
fn wilson_s_interval_alone_leaves_rare_leaks_out_more_often() {
    // One leak among 100 read puts the lower end above a share of 0.17 %, and there is at least one
    // in 15.6 of 100 samples.
    let rate = 0.0017_f64;
    assert!(wilson(1, 100).unwrap().low > rate);
    near(1.0 - (1.0 - rate).powi(100), 0.156_457);
    let one = ReadStratum {
        population: 1_000_000,
        read: 100,
        leaks: 1,
        unsure: 0,
    };
    assert!(leak_share(&[one]).unwrap().low < rate);
}

#[test]
fn the_true_total_lies_in_the_interval_in_at_least_93_of_100_redraws() {
    let mut draw = Draw(12);
    for total in [20_u64, 60, 300, 3_000] {
        for (first, second) in [
            (0.3, 0.4),
            (0.5, 0.5),
            (0.9, 0.6),
            (0.95, 0.9),
            (0.98, 0.98),
        ] {
            let held = (0..REDRAWS)
                .filter(|_| {
                    let (mut n1, mut n2, mut m) = (0, 0, 0);
                    for _ in 0..total {
                        let (one, two) = (draw.next() < first, draw.next() < second);
                        n1 += u64::from(one);
                        n2 += u64::from(two);
                        m += u64::from(one && two);
                    }
                    recapture(n1, n2, m).is_some_and(|found| {
                        found.total_low <= total as f64 && total as f64 <= found.total_high
                    })
                })
                .count() as u64;
            assert!(
                held * 100 >= REDRAWS * 93,
                "{held} of {REDRAWS}: {total}, {first}, {second}"
            );
        }
    }
}

#[test]
fn who_finds_the_same_easily_makes_the_estimate_too_low() {
    // Half of it is easy for both, half hard for both: the limit that the screen states.
    let mut draw = Draw(13);
    let total = 2_000;
    let (mut n1, mut n2, mut m) = (0, 0, 0);
    for number in 0..total {
        let chance = if number % 2 == 0 { 0.95 } else { 0.1 };
        let (one, two) = (draw.next() < chance, draw.next() < chance);
        n1 += u64::from(one);
        n2 += u64::from(two);
        m += u64::from(one && two);
    }
    let found = recapture(n1, n2, m).unwrap();
    assert!(found.total_high < total as f64, "{found:?}");
}
