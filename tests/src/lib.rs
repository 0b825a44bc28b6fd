//! Files written by pq, read back by readers that pq did not write.
