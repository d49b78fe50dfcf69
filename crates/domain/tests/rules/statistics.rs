//! Shares and agreement: published examples, and some by hand.

use assay_domain::statistics::{Stratum, agreement, stratified, wilson};

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 0.000_06, "{found} is not {wanted}");
}

#[test]
fn wilson_is_that_of_the_published_examples() {
    // Newcombe (1998), table I, method 3.
    for (hits, of, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        let found = wilson(hits, of).unwrap();
        near(found.low, low);
        near(found.high, high);
    }
    assert_eq!(wilson(0, 0), None);
    assert_eq!(wilson(20, 20).unwrap().high, 1.0);
}

#[test]
fn kappa_is_that_of_the_published_example() {
    let found = agreement(&[[75, 1, 4], [5, 4, 1], [0, 0, 10]]).unwrap();
    assert_eq!((found.items, found.agreed), (100, 89));
    // By hand: chance is 0.80·0.80 + 0.10·0.05 + 0.10·0.15 = 0.66, so kappa is 0.23/0.34, and
    // A = 0.29519, B = 0.00804, C = 0.21431, so its standard error is 0.2982/3.4 = 0.0877.
    let kappa = found.kappa.unwrap();
    near(kappa.estimate, 0.676_47);
    near(kappa.low, 0.676_47 - 1.959_96 * 0.087_70);
    near(kappa.high, 0.676_47 + 1.959_96 * 0.087_70);
}

#[test]
fn kappa_of_a_table_by_hand() {
    // 20 of 50: chance is 0.5·0.6 + 0.5·0.4 = 0.5, observed 0.7: kappa is 0.4 (Wikipedia's table).
    let found = agreement(&[[20, 5], [10, 15]]).unwrap();
    near(found.kappa.unwrap().estimate, 0.4);
    // Perfect agreement on two words has no error, on one word no kappa.
    let same = agreement(&[[3, 0], [0, 4]]).unwrap().kappa.unwrap();
    assert_eq!((same.low, same.estimate, same.high), (1.0, 1.0, 1.0));
    assert_eq!(agreement(&[[7, 0], [0, 0]]).unwrap().kappa, None);
    assert_eq!(agreement(&[[0, 0], [0, 0]]), None);
}

#[test]
fn a_stratified_share_weighs_by_the_population() {
    let strata = [
        Stratum {
            population: 900,
            read: 10,
            hits: 1,
        },
        Stratum {
            population: 100,
            read: 10,
            hits: 5,
        },
    ];
    let found = stratified(&strata).unwrap();
    near(found.estimate, 0.9 * 0.1 + 0.1 * 0.5);
    // By hand: v = 0.81·(1−10/900)·0.09/9 + 0.01·0.9·0.25/9 = 0.0082600; p(1−p)/v = 0.1204/0.00826
    // = 14.5763; the other size is 1/(0.81·0.98889/10 + 0.01·0.9/10) = 12.3457, which is smaller.
    // Wilson's interval of 0.14 of 12.3457, z = 1.95996: (0.14 + 0.15558 ± 1.95996·√(0.0097524 + 0.0063010))
    // / 1.31116, so that its ends are (0.29558 ± 0.24833)/1.31116.
    near(found.low, 0.036_04);
    near(found.high, 0.414_83);
    assert!(found.low > 0.02 && found.high < 0.42, "{found:?}");
}

#[test]
fn nothing_found_still_has_an_upper_end_and_a_whole_population_none() {
    let few = Stratum {
        population: 1_000,
        read: 1,
        hits: 0,
    };
    let found = stratified(&[few]).unwrap();
    assert_eq!(found.low, 0.0);
    assert!(found.high > 0.7, "{found:?}");
    let whole = Stratum {
        population: 4,
        read: 4,
        hits: 1,
    };
    let found = stratified(&[whole]).unwrap();
    assert_eq!((found.low, found.high), (0.25, 0.25));
    let unread = Stratum {
        population: 4,
        read: 0,
        hits: 0,
    };
    assert_eq!(stratified(&[unread]), None);
}
