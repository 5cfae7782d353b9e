//! Addresses that look right on their network: the checksums are true, the keys behind them do not exist.

use sha2::{Digest as _, Sha256};
use sha3::Keccak256;
use xgateway_core::money::Network;

use crate::hexadecimal::hexadecimal;

/// The version of addresses on Bitcoin's test network.
const BITCOIN_TEST: u8 = 0x6f;
/// The version of addresses on Tron.
const TRON: u8 = 0x41;

/// The address on `network` that follows from random bytes.
pub(crate) fn address(network: &Network, bytes: &[u8; 32]) -> String {
    let (key, _) = bytes.split_first_chunk().expect("20 of 32 bytes");
    match network {
        Network::Bitcoin => base58_check(BITCOIN_TEST, key),
        Network::Tron => base58_check(TRON, key),
        Network::Solana => base58(bytes),
        // A network that is not known here is taken for the most frequent kind.
        Network::Ethereum
        | Network::Bnb
        | Network::Polygon
        | Network::Bahamut
        | Network::Unknown(_)
        | _ => ethereum(key),
    }
}

/// A transaction's hash as `network` writes it.
pub(crate) fn transaction_hash(network: &Network, bytes: &[u8; 32]) -> String {
    match network {
        Network::Bitcoin | Network::Tron => hexadecimal(bytes),
        Network::Solana => base58(&[bytes.as_slice(), &Sha256::digest(bytes)].concat()),
        Network::Ethereum
        | Network::Bnb
        | Network::Polygon
        | Network::Bahamut
        | Network::Unknown(_)
        | _ => format!("0x{}", hexadecimal(bytes)),
    }
}

/// With the checksum of EIP-55: a letter is large where the digit of the hash at its place is 8 or more.
fn ethereum(key: &[u8; 20]) -> String {
    let small = hexadecimal(key);
    let hash = hexadecimal(&Keccak256::digest(small.as_bytes()));
    let cased = small.bytes().zip(hash.bytes()).map(|(letter, digit)| {
        let letter = char::from(letter);
        if digit >= b'8' {
            letter.to_ascii_uppercase()
        } else {
            letter
        }
    });
    "0x".chars().chain(cased).collect()
}

fn base58_check(version: u8, key: &[u8; 20]) -> String {
    let mut bytes = vec![version];
    bytes.extend_from_slice(key);
    let checksum = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend_from_slice(&checksum[..4]);
    base58(&bytes)
}

fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    // Digits to the base 58, the least significant first.
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58).to_le_bytes()[0];
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58).to_le_bytes()[0]);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| &0);
    zeros
        .chain(digits.iter().rev())
        .map(|digit| char::from(ALPHABET[usize::from(*digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<_> = hex
            .chars()
            .map(|digit| digit.to_digit(16).unwrap())
            .collect();
        digits
            .chunks(2)
            .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
            .collect()
    }

    /// The examples of EIP-55 itself.
    #[test]
    fn ethereum_has_its_checksum() {
        for text in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ] {
            let key = bytes(&text[2..].to_lowercase());
            assert_eq!(ethereum(&key.try_into().unwrap()), text);
        }
    }

    #[test]
    fn base58_is_the_one_of_bitcoin() {
        assert_eq!(base58(b"Hello World!"), "2NEpo7TZRRrLZSi2U");
        assert_eq!(base58(&bytes("0000287fb4cd")), "11233QC4");
        // The first address there ever was.
        let key = bytes("62e907b15cbf27d5425399ebf6f0fb50ebb88f18");
        assert_eq!(
            base58_check(0, &key.try_into().unwrap()),
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
        );
    }

    #[test]
    fn each_network_has_its_look() {
        let random = [7; 32];
        let look = |network| address(&network, &random);
        assert!(look(Network::Tron).starts_with('T'));
        assert_eq!(look(Network::Tron).len(), 34);
        assert!(look(Network::Bitcoin).starts_with(['m', 'n']));
        assert_eq!(look(Network::Polygon), look(Network::Bahamut));
        assert!((32..=44).contains(&look(Network::Solana).len()));
        assert!((86..=88).contains(&transaction_hash(&Network::Solana, &random).len()));
        assert_eq!(transaction_hash(&Network::Bnb, &random).len(), 66);
    }
}
