import type { ConceptSet } from '../schema.js';
import { anatomyProvenance } from './provenance.js';

/** AMOS22, its CT part: fifteen abdominal and pelvic organs, labels as in the data set's manifest. */
export const amos22Ct: ConceptSet = {
  version: 1,
  name: 'amos22-ct',
  dataset: 'AMOS22, CT',
  modality: 'CT',
  provenance: anatomyProvenance,
  classes: [
    {
      label: 1,
      name: 'spleen',
      concepts: {
        title: 'Spleen in a CT Image',
        shape:
          'Compact curved wedge with one bulging and one hollowed side, tapering to blunt tips above and below.',
        location:
          'Left upper abdomen under the diaphragm, lateral to and behind the stomach, above the left kidney, with the pancreatic tail at its inner side.',
        appearance:
          'Mid-grey soft tissue, slightly darker than liver without contrast; in the portal-venous phase evenly bright and close to liver.',
        contour:
          'Sharp smooth outer surface moulded to the ribs; inner surface dented by stomach, kidney and colon, often with a notch in front.',
        texture:
          'Even fine grain in the portal-venous phase; wavy bright and dark bands in the arterial phase.',
      },
      ambiguous: [
        'An organ of the upper abdomen in a CT Image',
        'Rounded outline that differs between people.',
        'Brightness depends on the phase of the scan.',
        'Mostly even inside.',
      ],
    },
    {
      label: 2,
      name: 'right kidney',
      concepts: {
        title: 'Right kidney in a CT Image',
        shape:
          'Upright bean with rounded poles, its hollow side opening medially and forward, the lower pole tilted outwards.',
        location:
          'Right retroperitoneum beside the psoas and the spine, below and behind the right liver lobe, lateral to the duodenum; usually lower than the left kidney.',
        appearance:
          'Soft tissue a little darker than liver without contrast; after contrast the rim lights up first, then all of it exceeds the liver.',
        contour:
          'Smooth edge against dark fat, its upper pole often flattened by the liver; mirror image of the left kidney.',
        texture:
          'Bright outer layer around darker wedges in early phases, evening out later; fat and branching vessels fill the central hollow.',
      },
      ambiguous: [
        'A paired organ in a CT Image',
        'Oval or bean-like in most slices.',
        'Becomes bright at some time after contrast.',
        'Shows layers on some scans.',
        'Usually clear against its surroundings.',
      ],
    },
    {
      label: 3,
      name: 'left kidney',
      concepts: {
        title: 'Left kidney in a CT Image',
        shape:
          'Bean slightly longer and slimmer than its counterpart, at times with a hump on the outer side.',
        location:
          'Left retroperitoneum beside the psoas and the spine, below the spleen, behind the pancreatic tail and descending colon; usually higher than the right kidney.',
        appearance:
          'Like muscle before contrast; afterwards clearly brighter than the spleen, with bright fluid in the collecting system on late scans.',
        contour:
          'Even border ringed by dark fat, flattened or bulging where the spleen leans on it; mirror image of the right kidney.',
        texture:
          'Two tones after contrast, a bright band outside and dimmer pyramids inside, around a core of dark sinus fat.',
      },
      ambiguous: [
        'One of two similar organs in a CT Image',
        'Rounded and elongated.',
        'Varies with the timing of contrast.',
        'Not the same throughout.',
      ],
    },
    {
      label: 4,
      name: 'gallbladder',
      concepts: {
        title: 'Gallbladder in a CT Image',
        shape: 'Pear-shaped sac, broad and rounded at one end, narrowing to a short twisted neck.',
        location:
          'Under surface of the liver between its right and left lobes, in front of the duodenum, above the right bend of the colon.',
        appearance:
          'Fluid-dark content near water, much darker than liver in every phase; thin wall slightly brighter after contrast.',
        contour:
          'Thin, smooth, sharply drawn wall, taut when full and folded when empty; asymmetric, tapering to one side.',
        texture: 'Uniform fluid without inner structure, at times with a denser layer at the bottom.',
      },
      ambiguous: [
        'A small hollow organ in a CT Image',
        'Size changes a lot.',
        'Rather dark.',
        'Simple inside.',
      ],
    },
    {
      label: 5,
      name: 'oesophagus',
      concepts: {
        title: 'Oesophagus in a CT Image',
        shape:
          'Long narrow tube, a flattened oval or collapsed slit in axial section, bending forward at its lower end.',
        location:
          'Posterior mediastinum in front of the spine, behind trachea and left atrium, at first right of and then before the descending aorta, ending at the stomach.',
        appearance:
          'Soft-tissue grey like muscle, mildly brighter after contrast, often with a black spot of gas in its centre.',
        contour:
          'Thin-walled edge, distinct beside lung and fat, hard to separate where it touches heart, aorta or airway.',
        texture:
          'Target-like: a grey ring around the collapsed lumen, holding a gas bubble or fluid where it is open.',
      },
      ambiguous: [
        'A tubular structure in a CT Image',
        'Small in cross-section.',
        'Grey with or without a dark middle.',
        'Border is not always clear.',
      ],
    },
    {
      label: 6,
      name: 'liver',
      concepts: {
        title: 'Liver in a CT Image',
        shape:
          'Large wedge, thick and rounded at one end, narrowing to a flat tongue at the other, split by shallow clefts.',
        location:
          'Fills the right upper abdomen below the diaphragm and crosses the midline in front of the stomach; right kidney and gallbladder lie beneath it.',
        appearance:
          'Even mid-grey, slightly brighter than spleen without contrast; at its brightest in the portal-venous phase, when its veins stand out.',
        contour:
          'Smooth convex surface along ribs and diaphragm, sharp lower edge, concave underside with notches for vessels and ligaments; asymmetric.',
        texture:
          'Fine homogeneous grain with branching vessels, dark without contrast and bright in the portal-venous phase.',
      },
      ambiguous: [
        'A large organ in a CT Image',
        'Broad and not regular in form.',
        'Medium brightness.',
        'Some lines can be seen inside.',
      ],
    },
    {
      label: 7,
      name: 'stomach',
      concepts: {
        title: 'Stomach in a CT Image',
        shape:
          'J-shaped bag, wide at the top, narrowing to a curved funnel; flat when empty, ballooned when filled.',
        location:
          'Left upper abdomen below the diaphragm, between liver and spleen, in front of the pancreas, its outlet crossing the midline to the right.',
        appearance:
          'Soft-tissue wall around mixed content: black gas, grey fluid or food, white where oral contrast was given.',
        contour:
          'Even outer edge, inner surface thrown into folds, wall thicker towards the outlet; asymmetric.',
        texture:
          'Levels of gas above fluid with speckled food particles, bordered by folds of enhanced lining.',
      },
      ambiguous: [
        'A hollow abdominal organ in a CT Image',
        'Form depends on what it holds.',
        'Can be dark, grey or white.',
        'Often mixed inside.',
      ],
    },
    {
      label: 8,
      name: 'aorta',
      concepts: {
        title: 'Aorta in a CT Image',
        shape: 'Long tube, round in axial section, slowly narrowing downwards and forking at its end.',
        location:
          'In front of the vertebral bodies, slightly left of the midline, beside the inferior vena cava, behind pancreas and left renal vein.',
        appearance:
          'Blood-grey without contrast, near muscle; brightest structure in the arterial phase, still bright in the portal-venous phase.',
        contour: 'Circular, smooth and sharply defined, its wall hardly visible; symmetric in cross-section.',
        texture: 'Homogeneous lumen without inner lines, except where side branches leave.',
      },
      ambiguous: [
        'A vessel in a CT Image',
        'Round in many slices.',
        'Brightness depends on contrast.',
        'Plain inside.',
      ],
    },
    {
      label: 9,
      name: 'inferior vena cava',
      concepts: {
        title: 'Inferior vena cava in a CT Image',
        shape:
          'Wide vertical tube, oval to slit-like in axial section, broader at the top than at the bottom.',
        location:
          'Right of the midline in front of the spine, right of the aorta, behind duodenum and pancreatic head, then in a groove of the liver.',
        appearance:
          'Blood-grey without contrast; dimmer than the aorta in the arterial phase, close to it in the portal-venous phase.',
        contour: 'Thin wall, flat or dented rather than round, blending with the liver near the diaphragm.',
        texture:
          'Streaked near the renal veins in early phases, where bright and unenhanced blood mix; even on later scans.',
      },
      ambiguous: [
        'A vessel of the abdomen in a CT Image',
        'Flat or oval.',
        'Sometimes bright, sometimes not.',
        'May look streaky.',
      ],
    },
    {
      label: 10,
      name: 'pancreas',
      concepts: {
        title: 'Pancreas in a CT Image',
        shape:
          'Elongated, slightly curved organ with a thick hooked head, thinner neck, and body narrowing to a blunt tail.',
        location:
          'Crosses the upper retroperitoneum behind the stomach, from the duodenal loop before the inferior vena cava to the splenic hilum; the splenic vein runs along its back.',
        appearance:
          'Soft tissue similar to liver or slightly darker; brightest in the late arterial phase, dimmed by fat between its lobules.',
        contour: 'Finely lobulated edge, feathered where fat enters; asymmetric along its length.',
        texture:
          'Small lobules parted by thin dark clefts of fat, with a faint dark hairline of duct along the axis.',
      },
      ambiguous: [
        'A soft organ in a CT Image',
        'Long and of changing width.',
        'Grey like its neighbours.',
        'Uneven edge.',
        'Slightly speckled.',
      ],
    },
    {
      label: 11,
      name: 'right adrenal gland',
      concepts: {
        title: 'Right adrenal gland in a CT Image',
        shape: 'Thin slanting line or inverted V, its limbs only a few millimetres thick.',
        location:
          'Above and medial to the right kidney, directly behind the inferior vena cava, between liver and right crus of the diaphragm.',
        appearance:
          'Grey similar to muscle, slightly darker than liver; brightens clearly against the dark fat around it after contrast.',
        contour:
          'Straight or slightly concave edges, crisp in fat but lost where it touches liver or vena cava.',
        texture: 'Plain thin strip without visible layers, too small to show inner detail.',
      },
      ambiguous: [
        'A small gland in a CT Image',
        'Thin and branching.',
        'Grey on a dark ground.',
        'Little detail.',
      ],
    },
    {
      label: 12,
      name: 'left adrenal gland',
      concepts: {
        title: 'Left adrenal gland in a CT Image',
        shape:
          'Small lambda or triangle with two slender limbs, wider and more often three-pointed than its counterpart.',
        location:
          'In front of the upper pole of the left kidney, beside left crus and aorta, behind pancreas and splenic vein.',
        appearance:
          'Grey like kidney before contrast; afterwards brighter than muscle and dimmer than the adjoining kidney.',
        contour: 'Concave limbs meeting at a fine ridge, outlined by fat on nearly all sides.',
        texture: 'Even interior, at most a faint brighter rim early after contrast.',
      },
      ambiguous: [
        'A tiny organ in a CT Image',
        'Shape like a letter.',
        'Neither dark nor bright.',
        'Hard to see details.',
      ],
    },
    {
      label: 13,
      name: 'duodenum',
      concepts: {
        title: 'Duodenum in a CT Image',
        shape: 'C-shaped loop of tube: a short bulb, a downward limb, a horizontal limb and a short rise.',
        location:
          'Wraps the pancreatic head, right of the spine beside gallbladder and right kidney, then crosses in front of vena cava and aorta.',
        appearance:
          'Soft-tissue wall around water-dark fluid, black gas or white oral contrast; collapsed parts look like muscle.',
        contour:
          'Thin wall with fine inward folds and changing calibre; blurred against pancreas, sharp against fat.',
        texture: 'Feathered by closely set folds, with gas bubbles and fluid in changing mixture.',
      },
      ambiguous: [
        'A part of the bowel in a CT Image',
        'Curved and of varying width.',
        'Content can have any brightness.',
        'Uneven inside.',
        'Often hard to follow.',
      ],
    },
    {
      label: 14,
      name: 'bladder',
      concepts: {
        title: 'Bladder in a CT Image',
        shape: 'Rounded to pear-shaped balloon when full, flattened or triangular when nearly empty.',
        location:
          'Midline of the pelvis behind the pubic bones, in front of the rectum, with prostate or uterus next to it.',
        appearance:
          'Water-dark content, darker than muscle, with a white layer at the back on late scans as contrast arrives.',
        contour: 'Thin smooth wall, symmetric about the midline, dented from above by bowel or uterus.',
        texture: 'Featureless fluid, or a straight level between dark and contrast-bright fluid.',
      },
      ambiguous: [
        'A hollow organ of the pelvis in a CT Image',
        'Size depends on filling.',
        'Mostly dark, at times white.',
        'Plain inside.',
      ],
    },
    {
      label: 15,
      name: 'prostate/uterus',
      concepts: {
        title: 'Prostate/uterus in a CT Image',
        shape:
          'Prostate: compact, like a chestnut; uterus: larger pear with a broad rounded body and a narrow neck.',
        location:
          'Midline of the pelvis in front of the rectum: the prostate beneath the bladder behind the pubic symphysis, the uterus between bladder and rectum.',
        appearance:
          'Soft tissue near muscle without contrast; afterwards the uterine wall brightens clearly, the prostate moderately and more in its centre.',
        contour:
          'Rounded and fairly symmetric; edge clear beside fat, poorly separated from bladder base or vagina.',
        texture:
          'Prostate mildly mottled after contrast; uterus with a bright muscular wall around a darker central stripe.',
      },
      ambiguous: [
        'An organ of the lower pelvis in a CT Image',
        'Roundish, of variable size.',
        'Grey before contrast.',
        'Somewhat mixed inside.',
      ],
    },
  ],
};
