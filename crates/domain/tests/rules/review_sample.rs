//! Sizes of strata → shares of a sample; records → which are drawn.

use assay_domain::review_sample::{Allocation, Picked, allocate, place};

fn check(sizes: &[u64], size: u64, wanted: &[u64]) {
    let found = allocate(sizes, size, Allocation::Proportional).unwrap();
    assert_eq!(found, wanted, "{size} of {sizes:?}");
}

#[test]
fn shares_are_by_largest_remainder_and_at_least_one() {
    check(&[600, 300, 100], 10, &[6, 3, 1]);
    // Quotas 5.3, 2.5, 2.2: the one left goes to the largest remainder.
    check(&[530, 250, 220], 10, &[5, 3, 2]);
    // The small ones get one each, from the one that is furthest above its quota.
    check(&[9_970, 10, 10, 10], 10, &[7, 1, 1, 1]);
    check(&[2, 3], 10, &[2, 3]);
    check(&[5, 5], 3, &[2, 1]);
    assert_eq!(allocate(&[9, 9, 9], 2, Allocation::Proportional), None);
}

#[test]
fn equal_shares_stop_at_what_there_is() {
    let found = allocate(&[100, 2, 50], 11, Allocation::Equal).unwrap();
    assert_eq!(found, [5, 2, 4]);
}

#[test]
fn shares_always_sum_to_the_size() {
    for (seed, strata) in (0..200_u64).map(|seed| (seed, seed % 9 + 1)) {
        let sizes: Vec<u64> = (0..strata)
            .map(|at| (seed * 7_919 + at * 104_729) % 997 + 1)
            .collect();
        let size = strata + seed % 40;
        for allocation in [Allocation::Proportional, Allocation::Equal] {
            let taken = allocate(&sizes, size, allocation).unwrap();
            let whole: u64 = sizes.iter().sum();
            assert_eq!(taken.iter().sum::<u64>(), size.min(whole));
            assert!(
                taken
                    .iter()
                    .zip(&sizes)
                    .all(|(n, of)| (1..=*of).contains(n))
            );
        }
    }
}

#[test]
fn a_sample_does_not_depend_on_the_order_of_its_records() {
    let ids: Vec<[u8; 16]> = (0..500_u64)
        .map(|number| {
            let mut id = [0; 16];
            id.copy_from_slice(&place(99, &[number as u8; 16])[..16]);
            id[..8].copy_from_slice(&(number * 31).to_be_bytes());
            id
        })
        .collect();
    let drawn = |order: &[[u8; 16]], seed: u64, most: usize| -> Vec<[u8; 16]> {
        let mut picked = Picked::default();
        for id in order {
            picked.offer(seed, *id, 0, most);
        }
        picked.take(20).into_iter().map(|(_, id, _)| id).collect()
    };
    for seed in 0..20 {
        let mut order = ids.clone();
        let wanted = drawn(&order, seed, 500);
        order.reverse();
        order.rotate_left(seed as usize * 17);
        assert_eq!(drawn(&order, seed, 20), wanted);
    }
    assert_ne!(drawn(&ids, 1, 20), drawn(&ids, 2, 20));
}

#[test]
fn the_order_is_fixed_for_ever() {
    // The bytes 0 seven times, 42, and 0 sixteen times, through `sha256sum`.
    let expected = [0x8d, 0xfb, 0xdb, 0xf2, 0x75, 0x79, 0xdc, 0x11];
    assert_eq!(place(42, &[0; 16])[..8], expected);
}
