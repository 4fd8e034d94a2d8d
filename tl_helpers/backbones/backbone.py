"""What the rest of the library knows of a network: its stages, not its layers."""

from dataclasses import dataclass, field

import keras


@dataclass(frozen=True)
class Backbone:
    """A pretrained (or fresh) network with named stages and its preprocessing inside.

    Attributes:
        name: e.g. "tiny-resnet".
        model: pictures in (n, h, w, 3), uint8 or float 0 to 255; feature maps out.
        stages: stage name -> name of the layer whose output ends it, from the input up.
        card: where the weights come from, their licence, training, hash and measured transfer.
        pretrained: False for a random initialisation.
    """

    name: str
    model: keras.Model
    stages: dict[str, str]
    card: dict = field(repr=False)
    pretrained: bool

    @property
    def weights_hash(self) -> str:
        """The hash of the pretrained weights; "random" where there are none."""
        return self.card.get("weights", "random")

    def features(self, stage: str | None = None) -> keras.Model:
        """A model from pictures to one vector a picture, (n, channels).

        Args:
            stage: where to cut; default the last. The feature map there is averaged over space.
        """
        layer = self.model.get_layer(self.stages[self.check_stage(stage)])
        pooled = keras.layers.GlobalAveragePooling2D()(layer.output)
        return keras.Model(self.model.input, pooled, name=f"{self.name}_{stage or 'features'}")

    def check_stage(self, stage: str | None) -> str:
        """The stage's own name (None: the last), or an error that lists the stages."""
        if stage is None:
            return list(self.stages)[-1]
        if stage not in self.stages:
            raise ValueError(f"unknown stage {stage!r}; this backbone has {', '.join(self.stages)}")
        return stage
