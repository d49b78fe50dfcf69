//! How much may have been missed: bounds from a sample that was read, and from two who looked
//! independently.
//!
//! In: counts. Out: estimates with intervals at 95 %. The bounds lean to the safe side: what nobody
//! was sure of counts as a leak in the upper end, and strata are taken at their worst. The tests
//! redraw samples with known rates and hold the intervals to them. Not here: who read what.

/// One side of an interval at 95 %.
const TAIL: f64 = 0.025;

/// What was read of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadStratum {
    /// Calls of the population in it.
    pub population: u64,
    /// Of these, calls that were read.
    pub read: u64,
    /// Of these, calls in which something leaks.
    pub leaks: u64,
    /// Of these, calls of which the reader was not sure.
    pub unsure: u64,
}

/// The share of calls that leak, as a stratified sample estimates it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeakShare {
    /// Leaks that the reader was sure of, weighed by the strata.
    pub estimate: f64,
    /// The same with what the reader was not sure of.
    pub estimate_with_unsure: f64,
    /// Lower end: only what the reader was sure of.
    pub low: f64,
    /// Upper end: what the reader was not sure of counts as a leak.
    pub high: f64,
    /// Upper end over all of the population, strata of which nothing was read counted as leaking whole.
    pub high_of_all: f64,
    /// Calls in strata of which nothing was read.
    pub not_covered: u64,
}

/// The share of the population that leaks, over the strata of which something was read; `None` where
/// nothing was.
///
/// The estimate is `p = Σ Wₕ·pₕ` with `Wₕ = Nₕ/N`. Its interval is that of Clopper and Pearson with
/// the effective sample size of Korn and Graubard: the smaller of `p(1−p)/v` with the stratified
/// variance, and `1/Σ Wₕ²·(1−nₕ/Nₕ)/nₕ`, which gives no credit for strata that look alike inside. The
/// upper end is never below what no leak at all would leave open, however leaks lie in the strata:
/// the largest `Σ Wₕ·pₕ` with `Π (1−pₕ)^nₕ ≥ 2.5 %`; with one stratum that is the rule of three (3.7
/// of n, since the interval has two sides).
///
/// Sources: Clopper and Pearson (1934), Biometrika 26:404–413; Korn and Graubard (1998), Survey
/// Methodology 24:193–201; Cochran (1977), Sampling Techniques, 3rd ed., section 5.10.
pub fn leak_share(strata: &[ReadStratum]) -> Option<LeakShare> {
    let read: Vec<&ReadStratum> = strata
        .iter()
        .filter(|one| {
            one.read > 0 && one.population >= one.read && one.leaks + one.unsure <= one.read
        })
        .collect();
    let population: u64 = read.iter().map(|one| one.population).sum();
    if population == 0 {
        return None;
    }
    let all: u64 = strata.iter().map(|one| one.population).sum();
    let not_covered = all - population;
    let (estimate, low, _) = bounded(&read, population, |one| one.leaks);
    let (estimate_with_unsure, _, high) = bounded(&read, population, |one| one.leaks + one.unsure);
    let high = high.max(estimate_with_unsure);
    Some(LeakShare {
        estimate,
        estimate_with_unsure,
        low: low.min(estimate),
        high,
        high_of_all: ((high * population as f64 + not_covered as f64) / all as f64).min(1.0),
        not_covered,
    })
}

/// Estimate, lower and upper end.
fn bounded(
    strata: &[&ReadStratum],
    population: u64,
    hits: impl Fn(&ReadStratum) -> u64,
) -> (f64, f64, f64) {
    let of_all = |one: &ReadStratum| one.population as f64 / population as f64;
    let within = |one: &ReadStratum| hits(one) as f64 / one.read as f64;
    let share: f64 = strata.iter().map(|one| of_all(one) * within(one)).sum();
    let share = share.clamp(0.0, 1.0);
    let (mut variance, mut alike) = (0.0, 0.0);
    for one in strata {
        let weight = of_all(one);
        let left = 1.0 - one.read as f64 / one.population as f64;
        let spread = match one.read {
            1 => share * (1.0 - share),
            n => within(one) * (1.0 - within(one)) / (n - 1) as f64,
        };
        variance += weight * weight * left * spread;
        alike += weight * weight * left / one.read as f64;
    }
    if alike <= 0.0 {
        return (share, share, share);
    }
    let mut effective = 1.0 / alike;
    if variance > 0.0 {
        effective = effective.min((share * (1.0 - share) / variance).max(1.0));
    }
    let (low, high) = clopper_pearson(share * effective, effective);
    let open: Vec<(f64, f64)> = strata
        .iter()
        .filter(|one| one.read < one.population)
        .map(|one| (of_all(one), one.read as f64))
        .collect();
    (share, low, high.max(none_found(&open)))
}

/// The interval of `hits` of `of` that holds whatever the share is; neither needs to be whole.
///
/// Source: Clopper and Pearson (1934), Biometrika 26:404–413, by quantiles of the beta distribution.
pub fn clopper_pearson(hits: f64, of: f64) -> (f64, f64) {
    let low = match hits <= 0.0 {
        true => 0.0,
        false => beta_quantile(TAIL, hits, of - hits + 1.0),
    };
    let high = match hits >= of {
        true => 1.0,
        false => beta_quantile(1.0 - TAIL, hits + 1.0, of - hits),
    };
    (low, high)
}

/// The largest share over strata (weight, read) under which finding nothing has at least 2.5 %.
///
/// `Σ nₕ·ln(1−pₕ)` is largest at a given share where `pₕ = 1 − nₕ/(λ·Wₕ)`, or 0 where that is negative.
fn none_found(strata: &[(f64, f64)]) -> f64 {
    if strata.is_empty() {
        return 0.0;
    }
    let at = |multiplier: f64| {
        let (mut chance, mut share) = (0.0, 0.0);
        for (weight, read) in strata {
            let kept = (read / (multiplier * weight)).min(1.0);
            chance += read * kept.ln();
            share += weight * (1.0 - kept);
        }
        (chance, share)
    };
    let (mut low, mut high) = (1e-6_f64, 1e15_f64);
    for _ in 0..200 {
        let middle = (low * high).sqrt();
        match at(middle).0 > TAIL.ln() {
            true => low = middle,
            false => high = middle,
        }
    }
    at(high).1
}

/// What two who looked independently say of how much there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recapture {
    /// Found by the first, by the second, by both.
    pub first: u64,
    pub second: u64,
    pub both: u64,
    /// Found by at least one.
    pub found: u64,
    /// All there is, as estimated, and its interval; never less than was found.
    pub total: f64,
    pub total_low: f64,
    pub total_high: f64,
    /// What neither found, as estimated, and its interval.
    pub missed: f64,
    pub missed_low: f64,
    pub missed_high: f64,
}

/// Chapman's estimate of all there is; `None` where `both` is more than either found, or where
/// nothing was found.
///
/// `N = (n₁+1)(n₂+1)/(m+1) − 1`, with Sadinle's transformed logit interval
/// `n₁+n₂−m−½ + (n₁−m+½)(n₂−m+½)/(m+½)·exp(±z·σ)`,
/// `σ² = 1/(m+½) + 1/(n₁−m+½) + 1/(n₂−m+½) + (m+½)/((n₁−m+½)(n₂−m+½))`. It holds where both looked
/// independently and everything was equally likely to be found; where what one finds easily the
/// other finds easily too, the estimate is too low.
///
/// Sources: Chapman (1951), University of California Publications in Statistics 1:131–160; Sadinle
/// (2009), Communications in Statistics – Simulation and Computation 38:1909–1924.
pub fn recapture(first: u64, second: u64, both: u64) -> Option<Recapture> {
    if both > first || both > second || first + second == 0 {
        return None;
    }
    let found = first + second - both;
    let (n1, n2, m) = (first as f64, second as f64, both as f64);
    let (only_first, only_second, shared) = (n1 - m + 0.5, n2 - m + 0.5, m + 0.5);
    let total = ((n1 + 1.0) * (n2 + 1.0) / (m + 1.0) - 1.0).max(found as f64);
    let sigma =
        (1.0 / shared + 1.0 / only_first + 1.0 / only_second + shared / (only_first * only_second))
            .sqrt();
    let odds = only_first * only_second / shared;
    let end = |z: f64| {
        (found as f64 - 0.5 + odds * (z * crate::statistics::Z_95 * sigma).exp()).max(found as f64)
    };
    let (total_low, total_high) = (end(-1.0).floor().min(total), end(1.0).ceil().max(total));
    let beyond = |total: f64| (total - found as f64).max(0.0);
    Some(Recapture {
        first,
        second,
        both,
        found,
        total,
        total_low,
        total_high,
        missed: beyond(total),
        missed_low: beyond(total_low),
        missed_high: beyond(total_high),
    })
}

/// The quantile of the beta distribution with parameters `a` and `b`, by bisection.
fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match beta_below(middle, a, b) < share {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz's method).
fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_below(1.0 - x, b, a);
    }
    let front =
        (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let kept = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / kept(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..500 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    (front * fraction).clamp(0.0, 1.0)
}

/// The logarithm of the gamma function of a positive number, by Lanczos' approximation.
fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        let sine = (std::f64::consts::PI * x).sin();
        return (std::f64::consts::PI / sine).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = C[1..]
        .iter()
        .zip(1..)
        .fold(C[0], |sum, (c, at)| sum + c / (x + f64::from(at)));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}
