//! What stands against a policy that a second person is asked about, beside `assay approvals show`.
//!
//! Not here: the points and what changed (the engine), the request itself (`approvals`).

use assay_engine::approvals::view::AskedGate;

use crate::ending::Ending;
use crate::gate::{changes, points};
use crate::output::Output;
use crate::output::human::{moment, sentences};

/// Tells the points as they stand, what is otherwise than when it was asked, and where they can't be told now
/// those of the request.
pub(crate) fn told(gate: &AskedGate, output: &mut Output) -> Result<(), Ending> {
    output.text("")?;
    if let Some(untold) = &gate.untold {
        output.text(untold)?;
    }
    match (&gate.now, &gate.asked) {
        (Some(now), _) => {
            output.text(&format!(
                "`{}` instead of `{}`, now\n",
                now.after, now.before
            ))?;
            points(&now.points, output)?;
            changes(now, output)?;
        }
        (None, Some(asked)) => {
            output.text(&format!(
                "`{}` instead of `{}`, as it was said on {}\n",
                asked.after,
                asked.before,
                moment(Some(&asked.at))
            ))?;
            points(&asked.points, output)?;
        }
        (None, None) => output.text("Nobody knows what stands against it.")?,
    }
    let Some(asked) = &gate.asked else {
        return output.text("\nThe request does not say how the points stood when it was asked.");
    };
    let at = moment(Some(&asked.at));
    match (gate.changed.is_empty(), &gate.now) {
        (true, None) => Ok(()),
        (true, Some(_)) => output.text(&format!("\nNothing changed since it was asked on {at}.")),
        (false, _) => {
            output.text(&format!("\nOtherwise than when it was asked on {at}:"))?;
            output.text(&sentences(&gate.changed))
        }
    }
}
