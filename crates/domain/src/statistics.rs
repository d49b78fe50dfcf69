//! Intervals and agreement: what a count of few items says of many, and how far two readers agree.
//!
//! In: counts. Out: shares between 0 and 1 with their intervals, at 95 %. Not here: drawing a sample
//! (`review_sample`), what was counted.

/// The 97.5 % quantile of the standard normal distribution: intervals are at 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A share with the interval that it lies in at 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// Wilson's score interval of `hits` of `of`; `None` of none.
///
/// `(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`, without continuity correction.
///
/// Source: Wilson (1927), Journal of the American Statistical Association 22:209–212; recommended
/// over the normal interval in Newcombe (1998), Statistics in Medicine 17:857–872.
pub fn wilson(hits: u64, of: u64) -> Option<Share> {
    if of == 0 || hits > of {
        return None;
    }
    let share = hits as f64 / of as f64;
    let mut found = scored(share, of as f64);
    // What rounding leaves at the ends.
    if hits == 0 {
        found.low = 0.0;
    }
    if hits == of {
        found.high = 1.0;
    }
    Some(found)
}

/// Wilson's interval of a share that `n` independent items would give; `n` need not be whole.
fn scored(share: f64, n: f64) -> Share {
    let squared = Z_95 * Z_95;
    let middle = share + squared / (2.0 * n);
    let spread = Z_95 * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
    let scale = 1.0 + squared / n;
    Share {
        estimate: share,
        low: ((middle - spread) / scale).max(0.0),
        high: ((middle + spread) / scale).min(1.0),
    }
}

/// What was read of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    /// Records of the population in it.
    pub population: u64,
    /// Of these, records that were read.
    pub read: u64,
    /// Of these, records with what is asked for.
    pub hits: u64,
}

/// The share in the population that a stratified sample estimates, over the strata of which
/// something was read; `None` where nothing was.
///
/// The estimate is `p = Σ Wₕ·pₕ` with `Wₕ = Nₕ/N`. Its variance is estimated, with finite population
/// correction, as `v = Σ Wₕ²·(1−nₕ/Nₕ)·pₕ(1−pₕ)/(nₕ−1)`; where one item was read of a stratum the
/// share of all of them, over 1, stands in for it. The interval is Wilson's with the effective
/// sample size, the smaller of `p(1−p)/v` and `1/Σ Wₕ²·(1−nₕ/Nₕ)/nₕ`: the second is defined where
/// nothing or everything was hit, and gives no credit for strata that look alike inside. A population
/// that was read whole has no interval.
///
/// Sources: Cochran (1977), Sampling Techniques, 3rd ed., section 5.10 (stratified sampling for
/// proportions); effective sample sizes after Kish (1965), Survey Sampling, and Korn and Graubard
/// (1998), Survey Methodology 24:193–201; with Wilson's interval as compared in Franco, Little, Louis
/// and Slud (2019), Journal of Survey Statistics and Methodology 7:334–364.
pub fn stratified(strata: &[Stratum]) -> Option<Share> {
    let read: Vec<&Stratum> = strata
        .iter()
        .filter(|one| one.read > 0 && one.population >= one.read && one.hits <= one.read)
        .collect();
    let population: u64 = read.iter().map(|one| one.population).sum();
    if population == 0 {
        return None;
    }
    let of_all = |one: &Stratum| one.population as f64 / population as f64;
    let within = |one: &Stratum| one.hits as f64 / one.read as f64;
    let share: f64 = read.iter().map(|one| of_all(one) * within(one)).sum();
    let (mut variance, mut alike) = (0.0, 0.0);
    for one in &read {
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
        return Some(Share {
            estimate: share,
            low: share,
            high: share,
        });
    }
    let mut effective = 1.0 / alike;
    if variance > 0.0 {
        effective = effective.min(share * (1.0 - share) / variance);
    }
    Some(scored(share.clamp(0.0, 1.0), effective))
}

/// The fewest items that both readers read from which agreement is judged.
pub const ENOUGH: u64 = 30;

/// How far two readers agree on the items that both read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Items that both read.
    pub items: u64,
    /// Items on which they agree.
    pub agreed: u64,
    /// The share of items on which they agree.
    pub observed: Share,
    /// Cohen's kappa; `None` where both used one and the same word only, so that chance alone
    /// explains everything.
    pub kappa: Option<Share>,
}

/// The agreement in a table of counts, first reader down, second across; `None` where it is empty.
///
/// `κ = (pₒ − pₑ)/(1 − pₑ)` with `pₑ = Σ pᵢ.·p.ᵢ`. Its interval is `κ ± 1.96·se`, cut at −1 and 1, with
/// the standard error for large samples `se² = (A + B − C)/(n(1 − pₑ)²)`, `A = Σ pᵢᵢ(1 − (pᵢ. + p.ᵢ)(1 − κ))²`,
/// `B = (1 − κ)²·Σᵢ≠ⱼ pᵢⱼ(p.ᵢ + pⱼ.)²`, `C = (κ − pₑ(1 − κ))²`.
///
/// Sources: Cohen (1960), Educational and Psychological Measurement 20:37–46; Fleiss, Cohen and
/// Everitt (1969), Psychological Bulletin 72:323–327. The tests hold it to the example of two
/// diagnosticians in Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions,
/// 3rd ed., chapter 18.
pub fn agreement<const N: usize>(table: &[[u64; N]; N]) -> Option<Agreement> {
    let items: u64 = table.iter().flatten().sum();
    let agreed: u64 = (0..N).map(|at| table[at][at]).sum();
    let observed = wilson(agreed, items)?;
    let n = items as f64;
    let p = |row: usize, column: usize| table[row][column] as f64 / n;
    let row = |at: usize| (0..N).map(|column| p(at, column)).sum::<f64>();
    let column = |at: usize| (0..N).map(|row| p(row, at)).sum::<f64>();
    let chance: f64 = (0..N).map(|at| row(at) * column(at)).sum();
    let beyond = 1.0 - chance;
    let kappa = (beyond > f64::EPSILON * 8.0).then(|| {
        let kappa = (observed.estimate - chance) / beyond;
        let rest = 1.0 - kappa;
        let a: f64 = (0..N)
            .map(|at| p(at, at) * (1.0 - (row(at) + column(at)) * rest).powi(2))
            .sum();
        let b: f64 = (0..N)
            .flat_map(|i| (0..N).map(move |j| (i, j)))
            .filter(|(i, j)| i != j)
            .map(|(i, j)| p(i, j) * (column(i) + row(j)).powi(2))
            .sum::<f64>()
            * rest.powi(2);
        let c = (kappa - chance * rest).powi(2);
        let error = ((a + b - c).max(0.0) / (n * beyond * beyond)).sqrt();
        Share {
            estimate: kappa,
            low: (kappa - Z_95 * error).max(-1.0),
            high: (kappa + Z_95 * error).min(1.0),
        }
    });
    Some(Agreement {
        items,
        agreed,
        observed,
        kappa,
    })
}
