//! Inputs of a run, their bounds, and their values.

use std::fmt;

use serde_json::{Value, json};

/// An input of a run.
#[derive(Debug)]
pub struct Input {
    /// The name on the command line: `counter` for `--counter`.
    pub name: &'static str,
    /// The words beside its control on the page: `The counter`.
    pub label: &'static str,
    /// The values that it may have.
    pub bounds: Bounds,
}

/// The values that an input may have.
#[derive(Debug)]
pub enum Bounds {
    /// One of these. The first is the recorded one.
    OneOf(&'static [Choice]),
    /// A whole number.
    Number {
        /// The smallest.
        least: u64,
        /// The greatest.
        most: u64,
        /// The recorded one.
        recorded: u64,
        /// The word behind the number: `Tgas`.
        unit: &'static str,
    },
}

/// A value with a name: on the command line, `burns-all-gas`, and on the page, `burns all its gas`.
pub type Choice = (&'static str, &'static str);

/// An input that makes no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The run has no such input.
    #[error("there is no input `{name}`; there are {inputs}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names of the inputs.
        inputs: String,
    },
    /// The value is none that the input may have.
    #[error("`{value}` is no value of `{name}`, which is {bounds}")]
    OutOfBounds {
        /// The name of the input.
        name: &'static str,
        /// The value that was given.
        value: String,
        /// The values that it may have.
        bounds: String,
    },
}

/// The values of a run's inputs.
#[derive(Debug, Clone)]
pub struct Values {
    inputs: &'static [Input],
    /// The number of each input, or the index of its choice.
    values: Vec<u64>,
}

impl Input {
    /// Returns an input with named values. The first is the recorded one.
    pub const fn one_of(
        name: &'static str,
        label: &'static str,
        choices: &'static [Choice],
    ) -> Self {
        let bounds = Bounds::OneOf(choices);
        Self {
            name,
            label,
            bounds,
        }
    }

    /// Returns an input that is a whole number from `least` to `most`.
    pub const fn number(
        name: &'static str,
        label: &'static str,
        [least, most]: [u64; 2],
        recorded: u64,
        unit: &'static str,
    ) -> Self {
        let bounds = Bounds::Number {
            least,
            most,
            recorded,
            unit,
        };
        Self {
            name,
            label,
            bounds,
        }
    }

    /// Returns the gas of the call that alice signs, in Tgas.
    pub const fn gas(bounds: [u64; 2], recorded: u64) -> Self {
        Self::number("gas", "Gas of the call", bounds, recorded, "Tgas")
    }

    /// Returns the values to try: each choice, or both ends of a number and the recorded one.
    pub fn samples(&self) -> Vec<u64> {
        match self.bounds {
            Bounds::OneOf(choices) => (0..choices.len() as u64).collect(),
            Bounds::Number {
                least,
                most,
                recorded,
                ..
            } => {
                let mut samples = vec![least, recorded, most];
                samples.dedup();
                samples
            }
        }
    }

    fn recorded(&self) -> u64 {
        match self.bounds {
            Bounds::OneOf(_) => 0,
            Bounds::Number { recorded, .. } => recorded,
        }
    }

    fn parse(&self, text: &str) -> Option<u64> {
        match self.bounds {
            Bounds::OneOf(choices) => {
                let index = choices.iter().position(|(name, _)| *name == text)?;
                Some(index as u64)
            }
            Bounds::Number { least, most, .. } => {
                let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = text.parse().ok().filter(|_| is_plain)?;
                (least..=most).contains(&number).then_some(number)
            }
        }
    }

    fn to_json(&self) -> Value {
        let (name, label) = (self.name, self.label);
        match self.bounds {
            Bounds::OneOf(choices) => {
                json!({ "name": name, "label": label, "choices": choices })
            }
            Bounds::Number {
                least,
                most,
                recorded,
                unit,
            } => json!({
                "name": name, "label": label, "least": least, "most": most, "recorded": recorded, "unit": unit,
            }),
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(choices) => {
                let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
                write!(f, "one of {}", names.join(", "))
            }
            Self::Number {
                least, most, unit, ..
            } => write!(f, "a whole number from {least} to {most} {unit}"),
        }
    }
}

impl Values {
    /// Returns the recorded value of each input.
    pub fn recorded(inputs: &'static [Input]) -> Self {
        let values = inputs.iter().map(Input::recorded).collect();
        Self { inputs, values }
    }

    /// Returns the values of a request, and the recorded value of each input that it does not name.
    ///
    /// # Errors
    /// There is no such input, or its value is not within the bounds.
    pub fn requested<'a>(
        inputs: &'static [Input],
        named: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, InputError> {
        let mut values = Self::recorded(inputs);
        for (name, value) in named {
            values.set(name, value)?;
        }
        Ok(values)
    }

    /// Returns true if each input has its recorded value.
    pub fn are_recorded(&self) -> bool {
        self.values == Self::recorded(self.inputs).values
    }

    /// Sets an input to a number, or to the index of a choice.
    ///
    /// # Panics
    /// There is no such input.
    pub fn with(mut self, index: usize, value: u64) -> Self {
        self.values[index] = value;
        self
    }

    /// Sets an input to a value that has come from outside.
    ///
    /// # Errors
    /// There is no such input, or the value is not within its bounds.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), InputError> {
        let Some(index) = self.inputs.iter().position(|input| input.name == name) else {
            let inputs: Vec<_> = self.inputs.iter().map(|input| input.name).collect();
            return Err(InputError::Unknown {
                name: name.to_owned(),
                inputs: inputs.join(", "),
            });
        };
        let input = &self.inputs[index];
        self.values[index] = input.parse(value).ok_or_else(|| InputError::OutOfBounds {
            name: input.name,
            value: value.to_owned(),
            bounds: input.bounds.to_string(),
        })?;
        Ok(())
    }

    /// Returns the names of the inputs with their values, as [`Values::set`] takes them.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, String)> {
        let pairs = self.inputs.iter().zip(&self.values);
        pairs.map(|(input, value)| {
            let text = match input.bounds {
                Bounds::OneOf(choices) => choices[*value as usize].0.to_owned(),
                Bounds::Number { .. } => value.to_string(),
            };
            (input.name, text)
        })
    }

    /// Returns the number of an input.
    ///
    /// # Panics
    /// The run has no such input.
    pub fn number(&self, name: &str) -> u64 {
        let index = self.inputs.iter().position(|input| input.name == name);
        self.values[index.unwrap_or_else(|| panic!("the run declares no input {name}"))]
    }

    /// Returns the name of the choice of an input.
    ///
    /// # Panics
    /// The run has no such input, or it is a number.
    pub fn choice(&self, name: &str) -> &'static str {
        let input = self.inputs.iter().find(|input| input.name == name);
        match input.map(|input| &input.bounds) {
            Some(Bounds::OneOf(choices)) => choices[self.number(name) as usize].0,
            _ => panic!("the run declares no choice {name}"),
        }
    }
}

/// Returns the inputs of a run in JSON, for a page.
pub fn to_json(inputs: &[Input]) -> Value {
    inputs.iter().map(Input::to_json).collect()
}

/// The arguments of a command line that give these values.
impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = self
            .named()
            .map(|(name, value)| format!("--{name} {value}"));
        f.write_str(&arguments.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUTS: &[Input] = &[
        Input::one_of(
            "counter",
            "The counter",
            &[("works", "works"), ("fails", "fails")],
        ),
        Input::gas([10, 300], 100),
    ];

    fn set(name: &str, value: &str) -> Result<String, String> {
        let mut values = Values::recorded(INPUTS);
        let set = values.set(name, value);
        set.map(|()| values.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_input_that_is_not_named_has_its_recorded_value() {
        let values = Values::recorded(INPUTS);

        assert_eq!(values.to_string(), "--counter works --gas 100");
    }

    #[test]
    fn a_value_within_the_bounds_is_taken() {
        assert_eq!(
            set("counter", "fails").unwrap(),
            "--counter fails --gas 100"
        );
        assert_eq!(set("gas", "300").unwrap(), "--counter works --gas 300");
    }

    #[test]
    fn a_value_outside_of_the_bounds_is_refused_with_them() {
        for value in ["9", "301", "-1", "+20", "2e1", "", "18446744073709551616"] {
            assert_eq!(
                set("gas", value).unwrap_err(),
                format!(
                    "`{value}` is no value of `gas`, which is a whole number from 10 to 300 Tgas"
                )
            );
        }
        assert_eq!(
            set("counter", "sleeps").unwrap_err(),
            "`sleeps` is no value of `counter`, which is one of works, fails"
        );
    }

    #[test]
    fn an_unknown_input_is_refused_with_those_that_there_are() {
        assert_eq!(
            set("deposit", "1").unwrap_err(),
            "there is no input `deposit`; there are counter, gas"
        );
    }

    #[test]
    fn each_choice_and_both_ends_of_a_number_are_tried() {
        assert_eq!(INPUTS[0].samples(), [0, 1]);
        assert_eq!(INPUTS[1].samples(), [10, 100, 300]);
    }
}
