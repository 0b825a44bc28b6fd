//! Whether single requests heed their conditions.

use super::super::error::Effect;
use super::super::state::{self, State};
use super::{Heeded, Probe, WRONG, is_about_the_request};
use crate::error::StoreError;
use object_store::{PutMode, UpdateVersion};

const IGNORES_CREATE: &str = "the store overwrites objects that were to be created";
const REFUSES_CREATE: &str = "the store does not create objects under a condition";
const IGNORES_UPDATE: &str = "the store overwrites objects that others have replaced";
const REFUSES_UPDATE: &str = "the store does not replace objects under a condition";
const LOSES_TOKEN: &str = "the store does not keep the metadata of objects";
/// A generation that no object has.
const WRONG_GENERATION: &str = "1";

impl Probe<'_> {
    /// Whether creating and replacing are safe.
    pub(super) async fn puts(&self) -> Result<(Heeded, Heeded), StoreError> {
        let both = |reason| Ok((Err(reason), Err(reason)));
        let tokens = [(); 4].map(|()| state::new_token());
        let [first, second, third, fourth] = tokens;
        match self.put(&first, PutMode::Create).await {
            (Ok(_), _) => {}
            // Nobody else has this name: it was made, and the answer lost.
            (Err(_), Effect::Refused) => {}
            (Err(error), Effect::Rejected) if is_about_the_request(&error) => {
                return both(REFUSES_CREATE);
            }
            (Err(error), _) => return Err(self.fail(&error)),
        }
        let Some(current) = self.current().await? else {
            return both(LOSES_TOKEN);
        };
        if !current.is_of(&first) {
            return both(LOSES_TOKEN);
        }
        match self.put(&second, PutMode::Create).await {
            (Ok(_), _) => return both(IGNORES_CREATE),
            (Err(_), Effect::Refused) => {}
            (Err(error), _) => return Err(self.fail(&error)),
        }
        Ok((Ok(()), self.update(&current, &third, &fourth).await?))
    }

    async fn update(
        &self,
        current: &State,
        wrong: &str,
        right: &str,
    ) -> Result<Heeded, StoreError> {
        let mode = PutMode::Update(UpdateVersion {
            e_tag: Some(WRONG.to_owned()),
            version: Some(WRONG_GENERATION.to_owned()),
        });
        match self.put(wrong, mode).await {
            (Ok(_), _) => return Ok(Err(IGNORES_UPDATE)),
            (Err(_), Effect::Refused) => {}
            (Err(_), Effect::Rejected) => return Ok(Err(REFUSES_UPDATE)),
            (Err(error), _) => return Err(self.fail(&error)),
        }
        match self.put(right, PutMode::Update(current.to_update())).await {
            (Ok(_), _) => Ok(Ok(())),
            (Err(error), Effect::Unknown | Effect::Nothing) => Err(self.fail(&error)),
            // Perhaps the answer was lost, and the client tried again.
            (Err(_), _) => match self.current().await? {
                Some(state) if state.is_of(right) => Ok(Ok(())),
                _ => Ok(Err(REFUSES_UPDATE)),
            },
        }
    }
}
