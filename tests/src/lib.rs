//! Files written by pq, read back by readers that pq did not write: the tests of this package.
//! Here is what they need beside readers: a proxy that fails on purpose. The examples of the
//! project's front page are compiled here, too.

pub mod proxy;

/// The project's front page.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct FrontPage;
