//! Check digits of numbers that States give out.
//!
//! In: the text that a pattern matched. Out: whether its check holds. Not here: patterns, context.
//!
//! Sources: the authorities that give the numbers out, as python-stdnum and Presidio document them.

use super::{digits, luhn};

/// The validator with this `name`, if there is one.
pub(super) fn named(name: &str) -> Option<fn(&str) -> bool> {
    Some(match name {
        "us_ein" => us_ein,
        "dea" => dea,
        "uk_nino" => uk_nino,
        "uk_utr" => uk_utr,
        "uk_area" => uk_area,
        "de_rvnr" => de_rvnr,
        "de_id_card" => de_id_card,
        "de_kvnr" => de_kvnr,
        "fr_nir" => fr_nir,
        "it_vat" => it_vat,
        "be_nrn" => be_nrn,
        "pl_nip" => pl_nip,
        "se_personnummer" => se_personnummer,
        "fi_hetu" => fi_hetu,
        "no_fnr" => no_fnr,
        "pt_nif" => pt_nif,
        "at_svnr" => at_svnr,
        "ean13" => ean13,
        "ro_cnp" => ro_cnp,
        "mod_11_10" => mod_11_10,
        "bg_egn" => bg_egn,
        "ie_pps" => ie_pps,
        "mod_11" => mod_11,
        "gr_afm" => gr_afm,
        "br_cpf" => br_cpf,
        "br_cnpj" => br_cnpj,
        "au_tfn" => au_tfn,
        "au_abn" => au_abn,
        "au_acn" => au_acn,
        "au_medicare" => au_medicare,
        "nz_ird" => nz_ird,
        "sg_nric" => sg_nric,
        "kr_brn" => kr_brn,
        "jp_my_number" => jp_my_number,
        "cn_id" => cn_id,
        "tw_id" => tw_id,
        "tr_id" => tr_id,
        "th_id" => th_id,
        "ar_cuit" => ar_cuit,
        "cl_rut" => cl_rut,
        _ => return None,
    })
}

/// The sum of digits with weights; the shorter of the two ends it.
pub(super) fn weighed(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn plain(text: &str) -> Vec<u8> {
    text.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .collect()
}

pub(super) fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |value: u64, digit| {
        value.wrapping_mul(10).wrapping_add(u64::from(*digit))
    })
}

fn alike(digits: &[u32]) -> bool {
    digits.windows(2).all(|pair| pair[0] == pair[1])
}

/// Day and month of a date that exists in some year.
fn day_of_year(day: u64, month: u64) -> bool {
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (1..=12).contains(&month) && day >= 1 && day <= days[month as usize - 1]
}

/// IRS: prefixes that are given out.
fn us_ein(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9
        && !matches!(
            number(&digits[..2]),
            0 | 7 | 8 | 9 | 17 | 18 | 19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97
        )
}

/// DEA: the sum of the first, third and fifth digit and twice the others ends in the seventh.
fn dea(text: &str) -> bool {
    let last = text.get(text.len().saturating_sub(7)..);
    let digits = digits(last.unwrap_or_default());
    digits.len() == 7 && weighed(&digits, &[1, 2, 1, 2, 1, 2]) % 10 == digits[6]
}

/// HMRC: prefixes that are not given out.
fn uk_nino(text: &str) -> bool {
    let plain = plain(text);
    plain.len() == 9
        && ![&b"BG"[..], b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].contains(&&plain[..2])
}

/// HMRC: mod 11 over the last nine digits, the first is the check.
fn uk_utr(text: &str) -> bool {
    const CHECK: [u32; 11] = [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    let digits = digits(text);
    digits.len() == 10
        && CHECK[(weighed(&digits[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) as usize] == digits[0]
}

/// A postcode area that exists.
fn uk_area(text: &str) -> bool {
    const AREAS: &str = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE GIR ";
    let area: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    AREAS.contains(&format!(" {} ", area.to_ascii_uppercase()))
}

/// Deutsche Rentenversicherung: the letter as two digits, cross sums, mod 10; a date.
fn de_rvnr(text: &str) -> bool {
    let plain = plain(text);
    if plain.len() != 12 || !plain[8].is_ascii_uppercase() {
        return false;
    }
    let letter = u32::from(plain[8] - b'A') + 1;
    let mut all: Vec<u32> = plain[..8]
        .iter()
        .map(|byte| u32::from(byte - b'0'))
        .collect();
    all.extend([letter / 10, letter % 10]);
    all.extend(
        plain[9..11]
            .iter()
            .map(|byte| u32::from(byte.wrapping_sub(b'0'))),
    );
    let weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let sum: u32 = all
        .iter()
        .zip(weights)
        .map(|(digit, weight)| {
            let product = digit * weight;
            product / 10 + product % 10
        })
        .sum();
    let day = number(&all[2..4]);
    // Fifty is added to the day where a number was given out twice.
    let day = if day > 50 { day - 50 } else { day };
    day_of_year(day, number(&all[4..6])) && sum % 10 == u32::from(plain[11] - b'0')
}

/// ICAO 9303: weights 7-3-1; with or without the check digit.
fn de_id_card(text: &str) -> bool {
    let plain = plain(text);
    let value = |byte: u8| {
        u32::from(if byte.is_ascii_digit() {
            byte - b'0'
        } else {
            byte - b'A' + 10
        })
    };
    let check = |body: &[u8]| {
        body.iter()
            .zip([7, 3, 1].iter().cycle())
            .map(|(byte, weight)| value(*byte) * weight)
            .sum::<u32>()
            % 10
    };
    match plain.len() {
        10 => check(&plain[..9]) == value(plain[9]),
        9 => check(&plain[..8]) == value(plain[8]) || plain.iter().any(u8::is_ascii_digit),
        _ => false,
    }
}

/// GKV: the letter as two digits, weights 1-2, cross sums, mod 10.
fn de_kvnr(text: &str) -> bool {
    let plain = plain(text);
    if plain.len() != 10 {
        return false;
    }
    let letter = u32::from(plain[0].wrapping_sub(b'A')) + 1;
    let mut all = vec![letter / 10, letter % 10];
    all.extend(
        plain[1..]
            .iter()
            .map(|byte| u32::from(byte.wrapping_sub(b'0'))),
    );
    let sum: u32 = all[..10]
        .iter()
        .zip([1, 2].iter().cycle())
        .map(|(digit, weight)| {
            let product = digit * weight;
            product / 10 + product % 10
        })
        .sum();
    sum % 10 == all[10]
}

/// INSEE: 97 less the remainder; Corsica counts as 19 and 18.
fn fr_nir(text: &str) -> bool {
    let plain = plain(text);
    if plain.len() != 15 {
        return false;
    }
    let body = String::from_utf8_lossy(&plain[..13])
        .replace("2A", "19")
        .replace("2B", "18");
    let check = String::from_utf8_lossy(&plain[13..]).parse::<u64>();
    body.parse::<u64>()
        .is_ok_and(|body| check.is_ok_and(|check| 97 - body % 97 == check))
}

/// Partita IVA: Luhn over eleven digits.
fn it_vat(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 11 && luhn(&digits) && !alike(&digits)
}

/// 97 less the remainder; from 2000 on with a 2 in front.
fn be_nrn(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 11 {
        return false;
    }
    let (body, check) = (number(&digits[..9]), number(&digits[9..]));
    97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check
}

fn pl_nip(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 10 && weighed(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9]
}

/// Skatteverket: Luhn over the last ten digits, and a date; sixty is added for coordination numbers.
fn se_personnummer(text: &str) -> bool {
    let digits = digits(text);
    let Some(from) = digits.len().checked_sub(10) else {
        return false;
    };
    let last = &digits[from..];
    let day = number(&last[4..6]);
    day_of_year(if day > 60 { day - 60 } else { day }, number(&last[2..4])) && luhn(last)
}

/// DVV: mod 31 of date and number.
fn fi_hetu(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 11 {
        return false;
    }
    let (Some(day), Some(own)) = (text.get(..6), text.get(7..10)) else {
        return false;
    };
    let digits: Vec<u32> = digits(day).into_iter().chain(digits(own)).collect();
    let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(number(&digits) % 31) as usize];
    digits.len() == 9
        && day_of_year(number(&digits[..2]), number(&digits[2..4]))
        && bytes[10].to_ascii_uppercase() == check
}

fn no_fnr(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 11
        && weighed(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighed(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        && !alike(&digits)
}

fn pt_nif(text: &str) -> bool {
    let digits = digits(text);
    let check = |digits: &[u32]| match 11 - weighed(digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 | 11 => 0,
        check => check,
    };
    digits.len() == 9 && !matches!(digits[0], 0 | 4) && check(&digits) == digits[8]
}

fn at_svnr(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 10
        && weighed(&digits, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == digits[3]
        && digits[0] != 0
}

/// GS1: weights 1-3.
fn ean13(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 13
        && weighed(&digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

fn ro_cnp(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 13
        && day_of_year(number(&digits[5..7]), number(&digits[3..5]))
        && match weighed(&digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
            10 => digits[12] == 1,
            check => digits[12] == check,
        }
}

/// ISO 7064 mod 11,10.
fn mod_11_10(text: &str) -> bool {
    let digits = digits(text);
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == *check
}

fn bg_egn(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 10 {
        return false;
    }
    let month = match number(&digits[2..4]) {
        month @ 21..=32 => month - 20,
        month @ 41..=52 => month - 40,
        month => month,
    };
    day_of_year(number(&digits[4..6]), month)
        && weighed(&digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digits[9]
}

fn ie_pps(text: &str) -> bool {
    let plain = plain(text);
    let digits = digits(text.get(..7).unwrap_or_default());
    if digits.len() != 7 || plain.len() < 8 {
        return false;
    }
    let second = plain
        .get(8)
        .map_or(0, |letter| u32::from(letter.wrapping_sub(b'A')) + 1);
    let sum = weighed(&digits, &[8, 7, 6, 5, 4, 3, 2]) + second * 9;
    b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == plain[7]
}

/// The whole number is a multiple of 11.
fn mod_11(text: &str) -> bool {
    number(&digits(text)).is_multiple_of(11)
}

fn gr_afm(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9
        && !alike(&digits)
        && weighed(&digits, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digits[8]
}

/// Two digits, each mod 11 with falling weights.
fn two_checks(digits: &[u32], first: &[u32], second: &[u32]) -> bool {
    let check = |weights: &[u32]| match weighed(digits, weights) % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    let length = digits.len();
    check(first) == digits[length - 2] && check(second) == digits[length - 1]
}

fn br_cpf(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 11
        && !alike(&digits)
        && two_checks(
            &digits,
            &[10, 9, 8, 7, 6, 5, 4, 3, 2],
            &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2],
        )
}

fn br_cnpj(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 14
        && !alike(&digits)
        && two_checks(
            &digits,
            &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
            &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
        )
}

fn au_tfn(text: &str) -> bool {
    let digits = digits(text);
    match digits.len() {
        9 => weighed(&digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11),
        8 => weighed(&digits, &[10, 7, 8, 4, 6, 3, 5, 1]).is_multiple_of(11),
        _ => false,
    }
}

fn au_abn(text: &str) -> bool {
    let mut digits = digits(text);
    if digits.len() != 11 || digits[0] == 0 {
        return false;
    }
    digits[0] -= 1;
    weighed(&digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).is_multiple_of(89)
}

fn au_acn(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9 && (10 - weighed(&digits, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == digits[8]
}

fn au_medicare(text: &str) -> bool {
    let digits = digits(text);
    digits.len() >= 10 && weighed(&digits, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == digits[8]
}

fn nz_ird(text: &str) -> bool {
    let mut digits = digits(text);
    if digits.len() == 8 {
        digits.insert(0, 0);
    }
    if digits.len() != 9 || !(10_000_000..=150_000_000).contains(&number(&digits)) {
        return false;
    }
    let check = |weights: &[u32]| (11 - weighed(&digits, weights) % 11) % 11;
    match check(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => check(&[7, 4, 3, 2, 5, 2, 7, 6]) == digits[8],
        check => check == digits[8],
    }
}

fn sg_nric(text: &str) -> bool {
    let plain = plain(text);
    let digits = digits(text);
    if plain.len() != 9 || digits.len() != 7 {
        return false;
    }
    let sum = weighed(&digits, &[2, 7, 6, 5, 4, 3, 2]);
    let (letters, more): (&[u8], u32) = match plain[0] {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return false,
    };
    letters[((sum + more) % 11) as usize] == plain[8]
}

fn kr_brn(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 10
        && (10 - (weighed(&digits, &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + digits[8] * 5 / 10) % 10) % 10
            == digits[9]
}

fn jp_my_number(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 12
        && match weighed(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
            0 | 1 => digits[11] == 0,
            rest => digits[11] == 11 - rest,
        }
}

/// GB 11643: ISO 7064 mod 11-2.
fn cn_id(text: &str) -> bool {
    let plain = plain(text);
    if plain.len() != 18 {
        return false;
    }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = plain[..17]
        .iter()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight)
        .sum();
    b"10X98765432"[(sum % 11) as usize] == plain[17]
}

fn tw_id(text: &str) -> bool {
    const VALUES: [u32; 26] = [
        10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32,
        30, 31, 33,
    ];
    let plain = plain(text);
    let digits = digits(text);
    if plain.len() != 10 || digits.len() != 9 || !plain[0].is_ascii_uppercase() {
        return false;
    }
    let letter = VALUES[(plain[0] - b'A') as usize];
    (letter / 10 + letter % 10 * 9 + weighed(&digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1]))
        .is_multiple_of(10)
}

fn tr_id(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 11 || digits[0] == 0 {
        return false;
    }
    let odd: u32 = digits.iter().take(9).step_by(2).sum();
    let even: u32 = digits.iter().take(8).skip(1).step_by(2).sum();
    let ten: u32 = digits[..10].iter().sum();
    (odd * 7 + 10 * 9 - even) % 10 == digits[9] && ten % 10 == digits[10]
}

fn th_id(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 13
        && (11 - weighed(&digits, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10
            == digits[12]
}

fn ar_cuit(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 11
        && match 11 - weighed(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
            11 => digits[10] == 0,
            10 => digits[10] == 9,
            check => digits[10] == check,
        }
}

fn cl_rut(text: &str) -> bool {
    let plain = plain(text);
    let Some((check, body)) = plain.split_last() else {
        return false;
    };
    let sum: u32 = body
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].iter().cycle())
        .map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight)
        .sum();
    let right = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        digit => b'0' + digit as u8,
    };
    right == *check
}
